"""Invented names: brands and model lines. Any likeness to a real one is by chance."""

from __future__ import annotations

# Per segment from plain to dear: a third budget, a third middle, a third premium.
BRANDS: dict[str, tuple[str, ...]] = {
    "Apparel": (
        "Wrenlow", "Pluvet", "Tamsie", "Basiqel", "Cobblo", "Dunnet Row", "Fennimoor", "Gribb & Ley", "Hoppel", "Junivo",
        "Kittmar", "Larkeby", "Moppin", "Norlund", "Otterlane", "Pimvale", "Quillow", "Rambrook", "Skeppa", "Tarnwick",
        "Ulvadal", "Vantmoor", "Wexholt", "Yarrowick", "Zimmelo", "Ardenfyr", "Birkesund", "Calvero Nord", "Drelle",
        "Esterhay", "Fjordane & Co", "Galvessa", "Hjalmark", "Ilverne", "Jorvanne", "Kasparell", "Lunevoix", "Morvanne",
        "Nordhalle", "Ostravelle"),
    "Footwear": (
        "Pattra", "Stomplet", "Klippo", "Trampeo", "Boggan", "Dashlet", "Hikkory Lane", "Jogglo", "Padmoor", "Skiddle",
        "Tredway Mill", "Wumpo", "Zolka", "Brackenfoot", "Corvane", "Drovemark", "Elkstride", "Fellpacer", "Gorsewalk",
        "Hallowmere", "Kestrane", "Longfurrow", "Marchvale", "Nimbrel", "Orrick & Vane", "Peltonne", "Quickfen", "Rovanti",
        "Sandvarre", "Torvella", "Underhaugh", "Velmonte", "Wayfarne", "Xandrell", "Yverdal", "Zanverra", "Ashgrove Last",
        "Belcastre", "Cordovane", "Duvallier & Fils"),
    "Accessories": (
        "Bindle & Bee", "Clasply", "Dotterel", "Fibb", "Gimlo", "Hasper", "Inkwell Row", "Jinglet", "Kubbo", "Loopery",
        "Minnock", "Nookly", "Pockle", "Quarrel & Fox", "Satchmore", "Tasselow", "Umberlane", "Vestrow", "Wickfold",
        "Yondry", "Amberlock", "Brasswick", "Carravone", "Dialmont", "Everharrow", "Fontvieil", "Glasmeyer", "Horavel",
        "Isenbrück", "Juvessa", "Kronhaven", "Lumenna", "Montrevel", "Nachtigall & Sohn", "Orvane", "Perlucca",
        "Quennevaux", "Rosendahle", "Solvenne", "Tempomare"),
    "Personal Care": (
        "Pufflo", "Dabble", "Minty Moor", "Suddle", "Brisklo", "Petaluna", "Rosmarine", "Soapwick", "Tinctora", "Verbelle",
        "Aqualenne", "Bloomsward", "Cassivel", "Dewlane", "Eaumont", "Floravine", "Glowmere", "Hesperelle", "Irisanne",
        "Jasmeline", "Kohlette", "Lavendry", "Musketh", "Nerolanne", "Opaline Row", "Pomandre", "Rouvelle", "Santaline",
        "Tuberelle", "Violessa", "Ambrelune", "Belladorne", "Cielvane", "Dorivelle", "Embruns du Nord", "Fleurvaux",
        "Grisambre", "Heliovanne", "Irisombre", "Jardinelle"),
}

LINES = ("Arden", "Bay", "Cliff", "Dune", "Ember", "Fern", "Glen", "Haven", "Isla", "Juniper", "Kite", "Linden", "Moss",
         "Nova", "Orla", "Pine", "Quay", "Reed", "Sable", "Thorn", "Umbra", "Vale", "Willow", "Yew", "Zest", "Core",
         "Heritage", "Studio", "Essential", "Trail", "Metro", "Weekend", "Signature", "Classic", "Origin")


def brands_of(masterCategory: str) -> tuple[str, ...]:
    """Brands of a segment; unknown segments share those of accessories."""
    return BRANDS.get(masterCategory, BRANDS["Accessories"])


def tier(masterCategory: str, brand: str) -> int:
    """0 for a budget brand, 1 for a middle one, 2 for a dear one."""
    names = brands_of(masterCategory)
    return min(2, names.index(brand) * 3 // len(names))

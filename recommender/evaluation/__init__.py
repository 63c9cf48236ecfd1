"""How good it is: measures and the reports made of them."""

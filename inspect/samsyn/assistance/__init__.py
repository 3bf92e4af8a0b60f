"""Entry that was refused at a visit, and the help of the police that an authority asks for (DOMAIN 0.7, 6.2)."""

"""How a category of personal data is declared, and what every row of personal data owes."""

from models.declaration.parts import Declaration, Given, Part, camel, plain, sealed, shown, snake, stored
from models.declaration.personal import PERSONAL, Personal

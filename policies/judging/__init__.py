"""Plain Oso, and the worlds in which it is asked whether what was compiled is what the rules say."""

from policies.judging.engine import Engine
from policies.judging.imagined import NOON, Imagined, World, classes
from policies.judging.judge import Judge, holds
from policies.judging.loaded import Loaded, NotLoaded, Plain
from policies.judging.scene import Linked, Scene

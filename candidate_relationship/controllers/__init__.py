from . import consent
from . import candidate_export

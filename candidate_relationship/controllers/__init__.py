from . import candidate_export

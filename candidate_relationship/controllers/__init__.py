from . import candidate_export, consent, preferences

from . import candidate_export, consent, invitation, preferences

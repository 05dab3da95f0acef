from . import candidate_export, consent, experience, invitation, preferences

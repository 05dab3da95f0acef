from . import candidate_export, consent, experience_survey, invitation, preferences

from . import candidate_export, consent, experience, experience_survey, invitation, preferences

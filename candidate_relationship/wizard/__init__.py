from . import (
    applicant_get_refuse_reason,
    hr_candidate_consent_ask,
    hr_candidate_consent_record,
    hr_feedback_call,
    hr_feedback_cancel,
    hr_feedback_report_wizard,
)

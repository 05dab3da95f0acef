from . import (
    applicant_get_refuse_reason,
    hr_candidate_erase,
    hr_candidate_keep,
    hr_feedback_call,
    hr_feedback_cancel,
    hr_feedback_report_wizard,
    hr_person_merge,
)

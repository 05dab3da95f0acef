from . import hr_feedback_report, report_feedback_promises

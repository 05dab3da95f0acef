from . import hr_feedback_report, hr_nurture_held, hr_pool_report, report_feedback_promises

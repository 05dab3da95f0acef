"""Answers that are published by several people at the same moment, while others come in: each counted once."""

from helpers import at_once

from devtools import harness

SURVEY = "candidate_relationship.experience_survey"
CRON = "candidate_relationship.ir_cron_experience_publish"
ROUNDS, ANSWERS, LATE = 4, 3000, 40
INSERT = """
INSERT INTO hr_experience_answer (id, company_id, survey_id, month, nps, statements, themes, published)
SELECT nextval('hr_experience_answer_id_seq'), 1, {survey}, '2026-01-01'::date + (n % 3) * INTERVAL '1 month', n % 11,
       '{{}}', '[]', FALSE FROM generate_series(1, {count}) n
"""


def test_published_by_several_at_once_while_answers_come_in(office):
    survey, made = office.ref(SURVEY), 0

    def publish():
        office.admin.call("hr.experience.batch", "action_publish_and_tell")

    def answer():
        for _number in range(LATE):
            harness.query(INSERT.format(survey=survey, count=1) + " RETURNING id", office.database)

    for _round in range(ROUNDS):
        harness.query(INSERT.format(survey=survey, count=ANSWERS) + " RETURNING id", office.database)
        at_once(publish, publish, lambda: office.run_job(CRON), answer)
        made += ANSWERS + LATE
        waiting = _count(office, "SELECT COUNT(*) FROM hr_experience_answer")
        counted = _count(office, "SELECT SUM(answers) FROM hr_experience_block")
        assert counted + waiting == made
    assert _count(office, "SELECT MIN(answers) FROM hr_experience_block") >= 10
    publish()
    report = office.admin.call("hr.experience.report", "get_experience")
    assert report["figures"]["answers"] == made - _count(office, "SELECT COUNT(*) FROM hr_experience_answer")
    assert report["figures"]["answers"] > made - 10


def _count(office, statement):
    return int(harness.query(statement, office.database)[0])

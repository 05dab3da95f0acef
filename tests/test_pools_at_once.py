"""Pools that are filled by several servers, killed in the middle, or by two people: nobody twice, nobody forgotten."""

from http.client import HTTPException

from helpers import at_once, wait_until

from devtools import harness

DATABASE = "cr_blackbox_pools"
FILL_CRON = "candidate_relationship.ir_cron_pool_fill"
MANY = 9000
RULE = "[('priority', '=', '3')]"

# Everybody has applied twice; four of ten are excellent.
PEOPLE = """
INSERT INTO res_partner (name, email, email_normalized, active, type)
SELECT '{batch} ' || n, '{batch}' || n || '@mail.example', '{batch}' || n || '@mail.example', TRUE, 'contact'
  FROM generate_series(1, {count}) n;
INSERT INTO hr_applicant (partner_name, partner_id, email_from, email_normalized, job_id, company_id, stage_id,
       kanban_state, active, priority, create_date)
SELECT person.name, person.id, person.email, person.email_normalized, job.id, job.company_id, stage.id, 'normal',
       n = 1, CASE WHEN person.id % 10 < 4 THEN '3' ELSE '0' END, NOW()
  FROM res_partner person, generate_series(1, 2) n, hr_job job, hr_recruitment_stage stage
 WHERE person.name LIKE '{batch} %' AND job.name->>'en_US' = 'Engineer' AND stage.sequence = 1;
UPDATE res_company SET candidate_consent_required = FALSE;
"""
RELATION = "hr_applicant_hr_talent_pool_rel"


def test_two_servers_fill_pools_with_the_same_people(offices):
    make_people("servers", 1500)
    pools = [make_pool(offices[0], name) for name in ("One", "Two")]
    call = {"name": "Fill", "state": "code", "code": "model.sudo()._cron_fill_pools()"}
    call["model_id"] = model_id(offices[0])
    action_id = offices[0].admin.call("ir.actions.server", "create", [call])[0]
    # called outside of the scheduled action, where nothing but the rows is locked
    runs = [lambda office=office: office.admin.call("ir.actions.server", "run", [action_id]) for office in offices]
    at_once(*runs, *runs, forgive=harness.RemoteError)
    run_until_done(offices[0], pools)
    assert_once(pools)


def test_two_recruiters_keep_one_person_at_once(offices):
    pool = make_pool(offices[0], "Kept", rule=False)
    for _time in range(3):
        twins = [offices[0].apply(email_from="twin@mail.example") for _twin in range(2)]
        wishes = [
            lambda twin=twin, office=office: office.rosa.call(
                "applicant.get.refuse.reason",
                "action_refuse_reason_apply",
                office.rosa.call("applicant.get.refuse.reason", "create", [refusal(office, twin, pool)]),
            )
            for twin, office in zip(twins, offices, strict=True)
        ]
        at_once(*wishes)
        assert_talents_are_persons()
    assert number(f"SELECT COUNT(*) FROM {RELATION} WHERE hr_talent_pool_id = {pool}") == 1


def test_job_that_was_killed_goes_on_where_it_stood(offices, servers):
    make_people("killed", MANY)
    pool = make_pool(offices[0], "Killed")

    def kill_in_the_middle():
        wait_until(lambda: inside(pool), "the job begins")
        servers[1].kill()

    at_once(lambda: offices[1].run_job(FILL_CRON), kill_in_the_middle, forgive=(OSError, HTTPException))
    assert inside(pool) < excellent(), "the job was done before it could be killed"
    run_until_done(offices[0], [pool])
    assert_once([pool])


# -- Helpers -----------------------------------------------------------------------------


def make_people(batch, count):
    harness.query(PEOPLE.format(batch=batch, count=count), DATABASE)


def make_pool(office, name, rule=True):
    values = {"name": name, "rule_domain": RULE, "rule_active": True} if rule else {"name": name}
    return office.rosa.call("hr.talent.pool", "create", [values])[0]


def refusal(office, applicant, pool):
    return {
        "applicant_ids": [(6, 0, [applicant.id])],
        "refuse_reason_id": office.ref("hr_recruitment.refuse_reason_1"),
        "send_mail": False,
        "keep_in_touch": True,
        "keep_pool_ids": [(6, 0, [pool])],
    }


def model_id(office):
    return office.search("ir.model", [("model", "=", "hr.talent.pool")])[0]


def run_until_done(office, pools):
    """A scheduled action that another server still holds is refused: then once more."""

    def run():
        try:
            office.run_job(FILL_CRON)
        except harness.RemoteError:
            return False
        return all(office.read("hr.talent.pool", pool, "rule_last_run") for pool in pools)

    wait_until(run, "the pools are filled")


def number(sql):
    return int(harness.query(sql, DATABASE)[0])


def excellent():
    """People who are to be in, each counted once."""
    return number(
        "SELECT COUNT(DISTINCT partner_id) FROM hr_applicant"
        " WHERE priority = '3' AND pool_applicant_id IS DISTINCT FROM id"
    )


def inside(pool):
    return number(f"SELECT COUNT(*) FROM {RELATION} WHERE hr_talent_pool_id = {pool}")


def assert_once(pools):
    for pool in pools:
        assert inside(pool) == excellent()
        assert number(f"SELECT COUNT(*) FROM hr_talent_pool_fill_entry WHERE pool_id = {pool}") == excellent()
        assert number(f"SELECT SUM(entered_count) FROM hr_talent_pool_fill WHERE pool_id = {pool}") == excellent()
    assert_talents_are_persons()


def assert_talents_are_persons():
    twice = "SELECT partner_id FROM hr_applicant WHERE pool_applicant_id = id GROUP BY partner_id HAVING COUNT(*) > 1"
    assert harness.query(twice, DATABASE) == []
    in_pools = f"SELECT hr_applicant_id FROM {RELATION}"
    lost = f"SELECT id FROM hr_applicant WHERE pool_applicant_id = id AND id NOT IN ({in_pools})"
    assert harness.query(lost, DATABASE) == []
    unlinked = """
        SELECT application.id FROM hr_applicant application JOIN hr_applicant talent
            ON talent.partner_id = application.partner_id AND talent.pool_applicant_id = talent.id
         WHERE application.pool_applicant_id IS DISTINCT FROM talent.id"""
    assert harness.query(unlinked, DATABASE) == []

from odoo import SUPERUSER_ID, api
from odoo.tools.sql import table_exists

TEMPLATES = ('mail_template_experience_invite', 'mail_template_experience_remind')


def migrate(cr, version):
    """Only what is of as many answers as were promised is counted any more: statements, and themes of detractors."""
    cr.execute("""
        DELETE FROM hr_experience_block_statement statement
         USING hr_experience_block block JOIN hr_experience_batch batch ON batch.id = block.batch_id
         WHERE block.id = statement.block_id AND statement.answers < batch.threshold
    """)
    if table_exists(cr, 'hr_experience_theme_before'):
        _take_over_themes(cr)
    cr.execute("""
        UPDATE hr_experience_answer answer SET threshold = company.experience_threshold
          FROM res_company company WHERE company.id = answer.company_id AND answer.threshold IS NULL
    """)
    _add_link_to_mails(api.Environment(cr, SUPERUSER_ID, {}))


def _add_link_to_mails(env):
    """Mails that nobody has changed get the link to get no more; the others stay as their authors want them."""
    for name in TEMPLATES:
        template = env.ref(f'candidate_relationship.{name}', raise_if_not_found=False)
        if template and template.write_uid.id == SUPERUSER_ID and 'preference_url' not in (template.body_html or ''):
            template.reset_template()


def _take_over_themes(cr):
    # each block with enough detractors is one of theirs, by the same id
    cr.execute("""
        INSERT INTO hr_experience_theme_block (
            id, batch_id, company_id, survey_id, month, department_id, family_id, stage_group, outcome, detractors)
        SELECT DISTINCT block_id, batch_id, company_id, survey_id, month, department_id, family_id, stage_group,
               outcome, detractors
          FROM hr_experience_theme_before
    """)
    cr.execute("""
        INSERT INTO hr_experience_block_theme (block_id, option_id, label, named)
        SELECT block_id, option_id, label, named FROM hr_experience_theme_before
    """)
    cr.execute("SELECT setval('hr_experience_theme_block_id_seq', MAX(id)) FROM hr_experience_theme_block")
    cr.execute("DROP TABLE hr_experience_theme_before")

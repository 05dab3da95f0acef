from odoo.tools.sql import column_exists, table_exists


def migrate(cr, version):
    """What the new columns and tables are made of, before Odoo makes them; each may be there already."""
    if table_exists(cr, 'hr_experience_block') and not column_exists(cr, 'hr_experience_block', 'answers_invited'):
        _add_answers_invited(cr)
    if column_exists(cr, 'hr_experience_block_theme', 'detractors'):
        _keep_themes(cr)


def _add_answers_invited(cr):
    # invitations were rounded up to the answers, and 0 where there were none
    cr.execute("ALTER TABLE hr_experience_block ADD COLUMN answers_invited int4")
    cr.execute("UPDATE hr_experience_block SET answers_invited = CASE WHEN invited > 0 THEN answers ELSE 0 END")


def _keep_themes(cr):
    """Themes become those of blocks of detractors: what was counted until now is kept aside."""
    cr.execute("""
        CREATE TABLE hr_experience_theme_before AS
        SELECT block.batch_id, block.company_id, block.survey_id, block.month, block.department_id, block.family_id,
               block.stage_group, block.outcome, block.id AS block_id, block.detractors, theme.option_id, theme.label,
               theme.detractors AS named
          FROM hr_experience_block_theme theme
          JOIN hr_experience_block block ON block.id = theme.block_id
          JOIN hr_experience_batch batch ON batch.id = block.batch_id
         WHERE block.detractors >= batch.threshold
    """)
    cr.execute("DROP TABLE hr_experience_block_theme")

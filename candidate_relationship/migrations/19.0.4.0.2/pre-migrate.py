from odoo.tools.sql import column_exists


def migrate(cr, version):
    """Themes become those of blocks of detractors: what was counted until now is kept aside."""
    if not column_exists(cr, 'hr_experience_block_theme', 'detractors'):
        # from before there were surveys
        return
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

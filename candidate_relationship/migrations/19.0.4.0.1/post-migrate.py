def migrate(cr, version):
    """Statements that fewer answered than were promised: they are not counted any more when answers are published."""
    cr.execute("""
        DELETE FROM hr_experience_block_statement statement
         USING hr_experience_block block JOIN hr_experience_batch batch ON batch.id = block.batch_id
         WHERE block.id = statement.block_id AND statement.answers < batch.threshold
    """)

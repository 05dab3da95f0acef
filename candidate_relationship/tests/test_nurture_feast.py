"""The table of feast days: complete, and where the moon is."""

from datetime import date, datetime, timedelta

from odoo.tests import TransactionCase, tagged

# Meeus, Astronomical Algorithms, chapter 49: the mean new moon, and how far the true one is from it at most.
NEW_MOON = datetime(2000, 1, 6, 14, 20)
MONTH = timedelta(days=29.530588861)
MOST_HOURS = 15
CHINA = timedelta(hours=8)
# name: day of the lunar month, earliest and latest date in any year
FEASTS = {
    'spring_festival': (1, (1, 21), (2, 21)),
    'dragon_boat': (5, (5, 27), (6, 26)),
    'mid_autumn': (15, (9, 7), (10, 8)),
}


@tagged('post_install', '-at_install')
class TestFeast(TransactionCase):

    def dates(self, name):
        feast = self.env.ref(f'candidate_relationship.feast_{name}')
        self.assertIn("Hong Kong Observatory", feast.source)
        return sorted(feast.date_ids.mapped('date'))

    def test_every_year(self):
        for name in FEASTS:
            self.assertEqual([day.year for day in self.dates(name)], list(range(2026, 2036)), name)

    def test_season(self):
        for name, (_day, earliest, latest) in FEASTS.items():
            for day in self.dates(name):
                self.assertLessEqual(date(day.year, *earliest), day)
                self.assertLessEqual(day, date(day.year, *latest))

    def test_moon(self):
        """The first day of the lunar month is that of a new moon, to the hours that the mean moon is off."""
        for name, (number, _earliest, _latest) in FEASTS.items():
            for day in self.dates(name):
                noon = datetime.combine(day - timedelta(days=number - 1), datetime.min.time()) + timedelta(hours=12)
                off = (noon - CHINA - NEW_MOON) % MONTH
                self.assertLessEqual(min(off, MONTH - off), timedelta(hours=12 + MOST_HOURS), f"{name} {day}")

    def test_whole_months_between(self):
        """Twelve or thirteen months from one to the next, of 29 or 30 days."""
        for name in FEASTS:
            days = self.dates(name)
            for before, after in zip(days, days[1:], strict=False):
                self.assertIn((after - before).days, (353, 354, 355, 383, 384, 385), name)

    def test_days_that_are_disputed(self):
        """New moons minutes from midnight, which a formula easily has on the wrong side of it."""
        days = self.dates('spring_festival')
        self.assertIn(date(2027, 2, 6), days)
        self.assertIn(date(2030, 2, 3), days)

"""The addresses of leadership: a person's pages in a workspace, and outside every workspace what leaves with them."""

from django.urls import path

from quarterdeck.leadership.views import own, switch, week, year

workspace_urls = [
    path("private-week/", week.show, name="leadership-week"),
    path("private-week/keeping/", week.keep, name="leadership-keep"),
    path("private-week/keeping/all/", week.keep_all, name="leadership-keep-all"),
    path("private-week/dropping/", week.drop, name="leadership-drop"),
    path("private-week/dropping/undo/", week.bring_back, name="leadership-bring-back"),
    path("private-week/words/", week.edit, name="leadership-edit"),
    path("private-week/own-words/", week.add, name="leadership-add"),
    path("private-week/end/", week.finish, name="leadership-finish"),
    path("private-week/later/", week.put_off, name="leadership-put-off"),
    path("private-week/month/", year.month, name="leadership-month"),
    path("private-week/month/choice/", year.choose_for_month, name="leadership-month-choice"),
    path("private-week/year/", year.year, name="leadership-year"),
    path("private-week/year/choice/", year.choose_for_year, name="leadership-year-choice"),
    path("private-week/year/opening/", year.opening, name="leadership-year-opening"),
    path("private-week/offer/", switch.put_offer_away, name="leadership-offer-away"),
    path("settings/private-week/", switch.settings, name="leadership-settings"),
    path("settings/private-week/on/", switch.switch_on, name="leadership-on"),
    path("settings/private-week/off/", switch.switch_off, name="leadership-off"),
    path("settings/private-week/description/", switch.description, name="leadership-description"),
    path("settings/works-agreement/", switch.agreement, name="leadership-agreement"),
]

public_urls = [
    path("private-week/", own.mine, name="leadership-mine"),
    path("private-week/file/", own.file, name="leadership-mine-file"),
    path("private-week/deletion/", own.delete, name="leadership-mine-delete"),
]

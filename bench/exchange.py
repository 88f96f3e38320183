"""A spreadsheet of 5,000 rows, 500 of them bad, brought in as the worker does it: read, then drafts with their times
planned, and undone again. Wall and CPU of this process; PostgreSQL is durable and its time is in the wall.
"""

from __future__ import annotations

import csv
import io
import time

from bench import ground

ROWS, BAD = 5_000, 500
TARGET = "<= 10 s wall"


def main() -> list[dict]:
    """Rows of claim, figure and target."""
    with ground.house(clock="demo"):
        from quarterdeck.exchange import importing, reading, verbs
        from quarterdeck.exchange.reads import progress

        owner, sheet_csv, sheet_xlsx, answers = _world()
        rows, found = [], None
        for name, data in (("CSV", sheet_csv), ("XLSX", sheet_xlsx)):
            sheet, took = _timed(lambda data=data: reading.read(data, "posts"))
            found, kept = _timed(
                lambda sheet=sheet: verbs.receive(owner, name="posts", sha256="0" * 64, sheet=sheet)
            )
            figure = f"read {_words(took)}; kept {_words(kept)}"
            rows.append({"claim": f"exchange: {ROWS:,} rows of {name} are read and kept", "figure": figure})
        verbs.begin(found, by=owner, answers=answers, signature="0" * 64)
        _, took = _timed(lambda: importing.run(found.pk))
        counted = progress(found)
        claim = f"exchange: {counted.drafts:,} drafts planned, {counted.to_fix:,} rows to fix"
        rows.append({"claim": claim, "figure": _words(took), "target": TARGET})
        verbs.undo(found, by=owner)
        _, took = _timed(lambda: importing.run_undo(found.pk))
        rows.append({"claim": f"exchange: all {counted.drafts:,} undone", "figure": _words(took)})
        return rows


def _world():
    import openpyxl

    from quarterdeck.channels.verbs import connect_sandbox
    from quarterdeck.core import clock
    from quarterdeck.crew.models import User
    from quarterdeck.crew.verbs import create_workspace
    from quarterdeck.exchange.asking import Answers

    user = User.objects.create_user(name="Bench", timezone="Europe/Berlin")
    owner = create_workspace(by=user, name="Bench", timezone="Europe/Berlin")
    brand = owner.workspace.brands.get()
    connect_sandbox(owner, brand=brand)
    year = clock.now().year + 1
    table = [["Date", "Time", "Text", "Channel", "Label"]]
    for n in range(ROWS):
        channel = "Nobody" if n % (ROWS // BAD) == 0 else "Sandbox"
        day = f"{n % 28 + 1:02d}.{n // 28 % 12 + 1:02d}.{year}"
        text = f"Post {n}: nettle soup is back from Tuesday on, with bread from the harbour, as long as it lasts."
        table.append([day, f"{n % 12 + 8}:{n % 60:02d}", text, channel, ("Menu", "News", "People")[n % 3]])
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(table)
    book, kept = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in table:
        sheet.append(row)
    book.save(kept)
    answers = Answers(
        header=1,
        meanings=["date", "time", "text", "channels", "labels"],
        order="dmy",
        zone="Europe/Berlin",
        times="plan",
        brand=str(brand.pk),
    )
    return owner, out.getvalue().encode(), kept.getvalue(), answers


def _timed(act):
    """What it gave; seconds of wall and of this process's CPU."""
    began, spent = time.perf_counter(), time.process_time()
    given = act()
    return given, (time.perf_counter() - began, time.process_time() - spent)


def _words(took: tuple[float, float]) -> str:
    return f"{took[0]:.1f} s ({took[1]:.1f} s CPU)"


if __name__ == "__main__":
    from bench.__main__ import table

    print(table(main()))

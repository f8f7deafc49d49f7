"""For a teacher who hands out and marks the exercises for students with nbgrader; see CONTRIBUTING.md.

Copy this file to an empty folder of your own, where releases and hand-ins come to stand, and run nbgrader there.
"""

import sys

from workshop.texts import data_root

c = get_config()  # noqa: F821 (nbgrader gives it)

c.CourseDirectory.course_id = "gbo"
c.CourseDirectory.source_directory = str(data_root().parent / "exercises")
c.CourseDirectory.notebook_id = "deeper_*"
english = "en" in sys.argv  # nbgrader generate_assignment en
c.ClearSolutions.code_stub = {"python": "# Write your code here" if english else "# Schrijf hier je code"}
c.ClearSolutions.text_stub = "Write your answer here." if english else "Schrijf hier je antwoord."

"""For a teacher who hands out and marks the exercises for students with nbgrader; see CONTRIBUTING.md.

Copy this file to an empty folder of your own, where releases and hand-ins come to stand, and run nbgrader there.
"""

from workshop.texts import data_root

c = get_config()  # noqa: F821 (nbgrader gives it)

c.CourseDirectory.course_id = "gbo"
c.CourseDirectory.source_directory = str(data_root().parent / "exercises")
c.CourseDirectory.notebook_id = "deeper_*"
c.ClearSolutions.code_stub = {"python": "# Schrijf hier je code"}
c.ClearSolutions.text_stub = "Schrijf hier je antwoord."

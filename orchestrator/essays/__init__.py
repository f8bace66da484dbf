"""Written work handed in after a course: uploads that resume, files nobody opens here, two markers, one mark."""

"""The recorder: a program of its own that watches streams as a viewer does and writes their packets down, undecoded.

``viewer`` gets packets, ``reorder`` puts them in order, ``h264``, ``vp8`` and ``opus`` make samples of them,
``alignment`` gives sound and picture one time, ``gathering`` gathers them, ``mp4`` writes boxes, ``disk`` files,
``take`` joins these for one stream, ``main`` is the process.
"""

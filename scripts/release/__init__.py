"""What a release holds: the package as a zip, the wheel, and the same rows in the formats people work with.

``make.py`` makes it all. Each module in ``formats/`` is a format (``exporter.py``); text that is plainer as a
template is in ``templates/``.
"""

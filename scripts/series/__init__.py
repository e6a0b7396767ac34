"""Published series: the pinned tables of ``seeds/upstream/`` as rows by country, region and country pair."""

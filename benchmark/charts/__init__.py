"""One module per kind of chart: from one result to sentence, table and picture. A chart never computes figures."""

"""Reads event logs as somebody with process mining tools would, and prints what it finds as JSON.

Arguments: the folder of the schemas, and the logs as OCEL JSON, OCEL SQLite and XES.
"""

import json
import os
import sys
import warnings

warnings.filterwarnings("ignore")

import pandas as pd
import pm4py
from lxml import etree
from pm4py.objects.ocel.validation import jsonocel, ocel20_rel_validation

schemas, as_json, as_sqlite, as_xes = sys.argv[1:]

xsd = etree.XMLSchema(etree.parse(os.path.join(schemas, "xes.xsd")))
xsd.assertValid(etree.parse(as_xes))
assert jsonocel.apply(as_json, os.path.join(schemas, "ocel.schema.json")), "no OCEL 2.0"
_, broken = ocel20_rel_validation.apply(as_sqlite)
assert not broken, broken


def follows(log):
    pairs, _, _ = pm4py.discover_dfg(log)
    return {f"{a} > {b}": n for (a, b), n in pairs.items()}


def objects(log):
    return {kind: int(n) for kind, n in log.objects["ocel:type"].value_counts().items()}


xes = pm4py.read_xes(as_xes, return_legacy_log_object=False)
cycles = {}
for number, trace in xes.groupby("case:concept:name"):
    done = trace[trace["concept:name"] == "order_confirmed"]["time:timestamp"]
    if len(done):
        received = trace[trace["concept:name"] == "order_received"]["time:timestamp"].min()
        cycles[number] = (done.min() - received) // pd.Timedelta(milliseconds=1)

found = {"xes": {"orders": int(xes["case:concept:name"].nunique()), "events": len(xes), "follows": follows(xes)},
         "cycles_ms": cycles}
for name, log in {"json": pm4py.read_ocel2_json(as_json), "sqlite": pm4py.read_ocel2_sqlite(as_sqlite)}.items():
    known = set(log.objects["ocel:oid"])
    assert set(log.relations["ocel:oid"]) <= known, "an event about nothing"
    assert set(log.o2o["ocel:oid_2"]) <= known, "a reference to nothing"
    orders = pm4py.ocel_flattening(log, "order")
    found[name] = {"objects": objects(log), "events": len(log.events), "follows": follows(orders)}
print(json.dumps(found))

"""Somebody else's work: one span below TRACEPARENT, sent to the OTLP endpoint given. Prints its ids."""

import os
import sys

from opentelemetry import propagate
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

provider = TracerProvider(resource=Resource.create({"service.name": "artisan"}))
provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(endpoint=sys.argv[1] + "/v1/traces")))
parent = propagate.extract({"traceparent": os.environ["TRACEPARENT"]})
with provider.get_tracer("artisan").start_as_current_span("implement", context=parent) as span:
    context = span.get_span_context()
provider.shutdown()
print(f"{context.trace_id:032x} {context.span_id:016x}")

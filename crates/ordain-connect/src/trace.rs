//! Traces in the form of OpenTelemetry, sent over OTLP (HTTP, protobuf).
//!
//! The id of an order is the id of its trace. So everything that ever happens to it, on any node and after any restart,
//! comes together in one trace, and nothing has to be kept for that.

use crate::http::provide_tls;
use async_trait::async_trait;
use opentelemetry::trace::{SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchSpanProcessor, SpanData, SpanEvents, SpanLinks, SpanProcessor};
use reqwest::{Client, Url, redirect};
use std::borrow::Cow;
use std::time::{Duration, SystemTime};
use tokio::runtime::Handle;

const PATIENCE: Duration = Duration::from_secs(10);
/// Where collectors listen below their address.
const PATH: &str = "v1/traces";

/// Something that was done to an order, and when.
#[derive(Clone, Debug)]
pub struct Step {
    /// Of the order.
    pub trace: [u8; 16],
    /// The same for the same step, whoever tells of it how often.
    pub id: u64,
    /// The step that this one is a part of; none for the first.
    pub part_of: Option<u64>,
    pub name: Cow<'static, str>,
    pub began: SystemTime,
    pub ended: SystemTime,
    pub facts: Vec<(&'static str, String)>,
    /// Why it did not succeed.
    pub failed: Option<String>,
}

/// Sends steps to a collector, some seconds later and many at a time. What it cannot take is dropped: a collector that
/// is away holds nothing up.
#[derive(Debug)]
pub struct Tracer {
    to: BatchSpanProcessor,
    scope: InstrumentationScope,
}

/// Why there is no tracer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoTracer(String);

impl Tracer {
    /// To the collector at an address such as `http://127.0.0.1:4318`. To be called inside the runtime that shall send.
    ///
    /// # Errors
    /// If that is no address.
    pub fn to(collector: &str) -> Result<Self, NoTracer> {
        let no = |error: &dyn std::fmt::Display| NoTracer(error.to_string());
        let base =
            Url::parse(&format!("{}/", collector.trim_end_matches('/'))).map_err(|error| no(&error))?;
        let url = base.join(PATH).map_err(|error| no(&error))?;
        provide_tls();
        let client = Client::builder().redirect(redirect::Policy::none()).no_proxy().user_agent("ordain");
        let client = client.timeout(PATIENCE).build().map_err(|error| no(&error))?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Within { client, runtime: Handle::current() })
            .with_endpoint(url)
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| no(&error))?;
        let mut to = BatchSpanProcessor::builder(exporter).build();
        to.set_resource(&Resource::builder().with_service_name("ordain").build());
        Ok(Self { to, scope: InstrumentationScope::builder("ordain").build() })
    }

    pub fn tell(&self, step: Step) {
        let facts = step.facts.into_iter().map(|(name, fact)| KeyValue::new(name, fact));
        self.to.on_end(SpanData {
            span_context: SpanContext::new(
                TraceId::from_bytes(step.trace),
                SpanId::from_bytes(step.id.to_be_bytes()),
                TraceFlags::SAMPLED,
                false,
                TraceState::default(),
            ),
            parent_span_id: step.part_of.map_or(SpanId::INVALID, |id| SpanId::from_bytes(id.to_be_bytes())),
            parent_span_is_remote: false,
            span_kind: SpanKind::Internal,
            name: step.name,
            start_time: step.began,
            end_time: step.ended,
            attributes: facts.collect(),
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            status: step.failed.map_or(Status::Unset, Status::error),
            instrumentation_scope: self.scope.clone(),
        });
    }

    /// Sends what is left. Not to be called on a thread of the runtime, for it waits.
    pub fn close(&self) {
        // What could not be sent is lost, as it would be later.
        let _ = self.to.shutdown_with_timeout(PATIENCE);
    }
}

/// The exporter has a thread of its own, where nothing drives a connection.
#[derive(Debug)]
struct Within {
    client: Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Within {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        self.runtime.spawn(async move { client.send_bytes(request).await }).await?
    }
}

//! What the centre counts, in the text format of Prometheus.
//!
//! **Invariant:** labels come from the program's own lists, never from a request, so the number of
//! series is bounded; nothing counted names a person or a company.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the buckets of a duration, in microseconds, and as Prometheus writes them.
const BUCKETS: [(u64, &str); 11] = [
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (500_000, "0.5"),
    (1_000_000, "1"),
    (2_500_000, "2.5"),
    (5_000_000, "5"),
    (10_000_000, "10"),
];

/// What is counted; each only ever grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counter {
    /// Commits of terminals taken into the log.
    Pushed,
    /// Commits given to terminals.
    Pulled,
    /// Commits of the centre itself.
    Written,
    /// Chains that were not taken, by verdict.
    Verdicts,
    /// Requests refused for want of authority, rate or size, by reason.
    Refused,
    /// Replicas made again from the log.
    Rebuilt,
    /// Snapshots made.
    Snapshots,
}

impl Counter {
    fn name_and_help(self) -> (&'static str, &'static str) {
        match self {
            Self::Pushed => ("lumbung_commits_pushed_total", "Commits taken from terminals"),
            Self::Pulled => ("lumbung_commits_pulled_total", "Commits given to terminals"),
            Self::Written => ("lumbung_commits_written_total", "Commits of the centre itself"),
            Self::Verdicts => ("lumbung_push_verdicts_total", "Pushed chains by verdict"),
            Self::Refused => ("lumbung_refused_total", "Requests refused, by reason"),
            Self::Rebuilt => ("lumbung_replicas_rebuilt_total", "Replicas made again"),
            Self::Snapshots => ("lumbung_snapshots_total", "Snapshots made"),
        }
    }
}

#[derive(Debug, Default, Clone)]
struct Durations {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    sum_us: u64,
}

#[derive(Debug, Default)]
struct Counted {
    counters: BTreeMap<(Counter, &'static str), u64>,
    requests: BTreeMap<(&'static str, u16), u64>,
    durations: BTreeMap<&'static str, Durations>,
}

/// A value as it is at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gauge {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub help: &'static str,
    /// How much.
    pub value: u64,
}

/// Everything counted since the start.
#[derive(Debug, Default)]
pub struct Metrics {
    counted: Mutex<Counted>,
}

impl Metrics {
    /// Adds to a counter; `label` is empty where it has none.
    pub fn add(&self, counter: Counter, label: &'static str, by: u64) {
        self.with(|counted| *counted.counters.entry((counter, label)).or_default() += by);
    }

    /// How much was counted.
    pub fn get(&self, counter: Counter, label: &'static str) -> u64 {
        self.with(|counted| counted.counters.get(&(counter, label)).copied().unwrap_or(0))
    }

    /// Notes a request that was answered.
    pub fn request(&self, route: &'static str, status: u16, took: Duration) {
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.with(|counted| {
            *counted.requests.entry((route, status)).or_default() += 1;
            let durations = counted.durations.entry(route).or_default();
            durations.count += 1;
            durations.sum_us = durations.sum_us.saturating_add(took_us);
            for (bucket, (bound, _)) in durations.buckets.iter_mut().zip(BUCKETS) {
                *bucket += u64::from(took_us <= bound);
            }
        });
    }

    /// The page that Prometheus reads.
    pub fn page(&self, gauges: &[Gauge]) -> String {
        let mut page = String::new();
        for Gauge { name, help, value } in gauges {
            head(&mut page, name, help, "gauge");
            line(&mut page, format_args!("{name} {value}"));
        }
        self.with(|counted| {
            let mut named = "";
            for ((counter, label), value) in &counted.counters {
                let (name, help) = counter.name_and_help();
                if named != name {
                    head(&mut page, name, help, "counter");
                    named = name;
                }
                match *label {
                    "" => line(&mut page, format_args!("{name} {value}")),
                    label => line(&mut page, format_args!("{name}{{kind=\"{label}\"}} {value}")),
                }
            }
            let name = "lumbung_http_requests_total";
            head(&mut page, name, "Requests answered", "counter");
            for ((route, status), value) in &counted.requests {
                let labels = format_args!("route=\"{route}\",status=\"{status}\"").to_string();
                line(&mut page, format_args!("{name}{{{labels}}} {value}"));
            }
            let name = "lumbung_http_request_seconds";
            head(&mut page, name, "How long answers took", "histogram");
            for (route, durations) in &counted.durations {
                durations.write(&mut page, name, route);
            }
        });
        page
    }

    fn with<T>(&self, run: impl FnOnce(&mut Counted) -> T) -> T {
        run(&mut self.counted.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Durations {
    fn write(&self, page: &mut String, name: &str, route: &str) {
        for (value, (_, bound)) in self.buckets.iter().zip(BUCKETS) {
            let labels = format!("route=\"{route}\",le=\"{bound}\"");
            line(page, format_args!("{name}_bucket{{{labels}}} {value}"));
        }
        let (count, sum) = (self.count, self.sum_us);
        let labels = format!("route=\"{route}\",le=\"+Inf\"");
        line(page, format_args!("{name}_bucket{{{labels}}} {count}"));
        let (whole, rest) = (sum / 1_000_000, sum % 1_000_000);
        line(page, format_args!("{name}_sum{{route=\"{route}\"}} {whole}.{rest:06}"));
        line(page, format_args!("{name}_count{{route=\"{route}\"}} {count}"));
    }
}

fn head(page: &mut String, name: &str, help: &str, kind: &str) {
    line(page, format_args!("# HELP {name} {help}"));
    line(page, format_args!("# TYPE {name} {kind}"));
}

fn line(page: &mut String, words: std::fmt::Arguments<'_>) {
    writeln!(page, "{words}").expect("a string takes every word");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_what_prometheus_reads() {
        let metrics = Metrics::default();
        metrics.add(Counter::Pushed, "", 3);
        metrics.add(Counter::Refused, "rate", 1);
        metrics.request("/livez", 200, Duration::from_micros(7_500));
        let gauge = Gauge { name: "lumbung_companies", help: "Companies", value: 2 };
        let page = metrics.page(&[gauge]);
        for expected in [
            "# TYPE lumbung_companies gauge\nlumbung_companies 2\n",
            "lumbung_commits_pushed_total 3\n",
            "lumbung_refused_total{kind=\"rate\"} 1\n",
            "lumbung_http_requests_total{route=\"/livez\",status=\"200\"} 1\n",
            "lumbung_http_request_seconds_bucket{route=\"/livez\",le=\"0.005\"} 0\n",
            "lumbung_http_request_seconds_bucket{route=\"/livez\",le=\"0.01\"} 1\n",
            "lumbung_http_request_seconds_bucket{route=\"/livez\",le=\"+Inf\"} 1\n",
            "lumbung_http_request_seconds_sum{route=\"/livez\"} 0.007500\n",
        ] {
            assert!(page.contains(expected), "{expected} is not in\n{page}");
        }
    }
}

"""Figures of a running desk, as Prometheus reads them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name, what it counts, and its value. is_sum: it only grows."""

    name: str
    meaning: str
    value: float
    is_sum: bool = False


class Metrics(Collector):
    """Ask for the figures when they are read."""

    def __init__(self, figures: Callable[[], Sequence[Figure]]) -> None:
        self._figures = figures
        self._registry = CollectorRegistry()
        for of_process in (ProcessCollector, PlatformCollector, GCCollector):
            of_process(registry=self._registry)
        self._registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """Yield the figures."""
        for figure in self._figures():
            kind = CounterMetricFamily if figure.is_sum else GaugeMetricFamily
            yield kind(f"desk_{figure.name}", figure.meaning, value=figure.value)

    def text(self) -> bytes:
        """Return all figures in Prometheus' own form."""
        return generate_latest(self._registry)

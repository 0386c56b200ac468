"""Figures of a running desk, as Prometheus reads them."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name, what it counts, and its value. is_sum: it only grows. labels: tell it from its like."""

    name: str
    meaning: str
    value: float
    is_sum: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)


class Metrics(Collector):
    """Ask for the figures when they are read."""

    def __init__(self, figures: Callable[[], Awaitable[Sequence[Figure]]]) -> None:
        self._figures = figures
        self._found: Sequence[Figure] = ()
        self._registry = CollectorRegistry()
        for of_process in (ProcessCollector, PlatformCollector, GCCollector):
            of_process(registry=self._registry)
        self._registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """Yield the figures."""
        families: dict[str, CounterMetricFamily | GaugeMetricFamily] = {}
        for figure in self._found:
            kind = CounterMetricFamily if figure.is_sum else GaugeMetricFamily
            made = kind(f"desk_{figure.name}", figure.meaning, labels=list(figure.labels))
            families.setdefault(figure.name, made).add_metric(list(figure.labels.values()), figure.value)
        yield from families.values()

    async def text(self) -> bytes:
        """Return all figures in Prometheus' own form."""
        self._found = await self._figures()
        return generate_latest(self._registry)

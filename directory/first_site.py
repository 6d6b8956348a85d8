"""Most services receive in one place: its fields are read off the service itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from directory.models import Organisation, Site


class FirstSite:
    """Empty where there is no site, and no organisation."""

    if TYPE_CHECKING:
        sites: list[Site]  # type: ignore[assignment,unused-ignore]
        organisation: Organisation | None  # type: ignore[assignment,unused-ignore]

    @property
    def site(self) -> Site | None:
        return self.sites[0] if self.sites else None

    @property
    def operator(self) -> str:
        return self.organisation.name if self.organisation else ""

    @property
    def address(self) -> str:
        return self.site.address if self.site else ""

    @property
    def postcode(self) -> str:
        return self.site.postcode if self.site else ""

    @property
    def city(self) -> str:
        return self.site.city if self.site else ""

    @property
    def insee(self) -> str:
        return self.site.insee if self.site else ""

    @property
    def lat(self) -> float | None:
        return self.site.lat if self.site else None

    @property
    def lon(self) -> float | None:
        return self.site.lon if self.site else None

    @property
    def precision(self) -> str:
        return self.site.precision if self.site else "none"

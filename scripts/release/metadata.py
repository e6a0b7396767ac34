"""What the package says of itself, in the words of others: Croissant, schema.org, DataCite, RO-Crate,
references.

Everything comes from ``schemas/`` and the descriptor. What is only known when a version is deposited (an
identifier, an address, names of depositors) is left out here and added there: docs/depositing.md.
"""

from __future__ import annotations

from typing import Any

from scripts.package.loaded import Contents, value_labels
from scripts.store.jsonfile import to_json
from scripts.techpacts.references import dataset_bibtex, dataset_ris

Json = dict[str, Any]
DATA_TYPE = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}
# The context that the standard prescribes:
# https://docs.mlcommons.org/croissant/docs/croissant-spec.html#appendix-1-json-ld-context
CROISSANT_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "conformsTo": "dct:conformsTo",
    **{
        name: f"cr:{name}"
        for name in (
            "citeAs",
            "column",
            "equivalentProperty",
            "extract",
            "field",
            "fileObject",
            "fileProperty",
            "fileSet",
            "format",
            "includes",
            "isLiveDataset",
            "jsonPath",
            "key",
            "md5",
            "parentField",
            "path",
            "recordSet",
            "references",
            "regex",
            "repeated",
            "replace",
            "samplingRate",
            "separator",
            "source",
            "subField",
            "transform",
        )
    },
    "data": {"@id": "cr:data", "@type": "@json"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
}


def _creators(package: Json) -> list[Json]:
    return [{"@type": "Organization", "name": c["title"]} for c in package["contributors"]]


def _title(package: Json) -> str:
    return f"{package['name']}: {package['title']}"


def _file_object(name: str, kind: str, file: Json) -> Json:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": file["path"],
        "encodingFormat": kind,
        "contentSize": f"{file['bytes']} B",
        "sha256": file["hash"].removeprefix("sha256:"),
    }


def croissant(contents: Contents, descriptor: Json) -> Json:
    """Croissant 1.0: every file with its checksum, every table with its columns and keys.

    The columns are taken from the Parquet: of a CSV mlcroissant lets pandas guess the types, and a text "14"
    becomes "14.0".
    """
    given, files = contents.package, {r["name"]: r for r in descriptor["resources"]}
    record_sets = []
    for table in contents.tables.values():
        fields = []
        for f in table.fields:
            # Not as "references": mlcroissant 1.1 joins what is referred to, and fails where there are two or
            # a table refers to itself.
            there = table.reference_of(f.name)
            field = {
                "@type": "cr:Field",
                "@id": f"{table.name}/{f.name}",
                "name": f.name,
                "description": f.description + (f" A key of {there}." if there else ""),
                "dataType": DATA_TYPE[f.type],
                "source": {"fileObject": {"@id": f"{table.name}.parquet"}, "extract": {"column": f.name}},
            }
            fields.append(field)
        record_sets.append(
            {
                "@type": "cr:RecordSet",
                "@id": table.name,
                "name": table.name,
                "description": table.description,
                "key": [{"@id": f"{table.name}/{k}"} for k in table.primary_key],
                "field": fields,
            }
        )
    return {
        "@context": CROISSANT_CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": given["name"],
        "alternateName": given["title"],
        "description": given["description"],
        "license": given["licenses"][0]["path"],
        "version": given["version"],
        "datePublished": given["released"],
        "keywords": given["keywords"],
        "citeAs": given["citation"],
        "creator": _creators(given),
        "inLanguage": ["en", "ko"],
        "isLiveDataset": False,
        "distribution": [
            _file_object(f"{n}.{kind}", *given_file)
            for n in contents.tables
            for kind, given_file in (
                ("csv", ("text/csv", files[n])),
                ("parquet", ("application/x-parquet", files[n]["techpacts:parquet"])),
            )
        ],
        "recordSet": record_sets,
    }


def schema_org(contents: Contents, descriptor: Json) -> Json:
    """A Dataset of schema.org with its files and columns. The context is written out, so that it can be read
    offline.
    """
    given = contents.package
    files = [
        {
            "@type": "DataDownload",
            "name": r["path"],
            "contentUrl": r["path"],
            "encodingFormat": "text/csv",
            "contentSize": f"{r['bytes']} B",
            "sha256": r["hash"].removeprefix("sha256:"),
        }
        for r in descriptor["resources"]
    ]
    files += [
        {
            "@type": "DataDownload",
            "name": p["path"],
            "contentUrl": p["path"],
            "encodingFormat": "application/vnd.apache.parquet",
            "contentSize": f"{p['bytes']} B",
            "sha256": p["hash"].removeprefix("sha256:"),
        }
        for p in (r["techpacts:parquet"] for r in descriptor["resources"])
    ]
    measured = [
        {
            "@type": "PropertyValue",
            "name": f"{t.name}.{f.name}",
            "description": f.description,
            **({"unitText": f.unit} if f.unit else {}),
            **({"valueReference": list(value_labels(f, "en").values())} if f.enum else {}),
        }
        for t in contents.tables.values()
        if t.kind == "fact"
        for f in t.fields
    ]
    first = min(contents.frames["timeline"]["date_from"].drop_nulls())
    return {
        "@context": {"@vocab": "https://schema.org/"},
        "@type": "Dataset",
        "name": _title(given),
        "alternateName": given["techpacts:titleKo"],
        "description": given["description"],
        "version": given["version"],
        "datePublished": given["released"],
        "license": given["licenses"][0]["path"],
        "keywords": given["keywords"],
        "inLanguage": ["en", "ko"],
        "isAccessibleForFree": True,
        "creator": _creators(given),
        "creditText": given["citation"],
        "temporalCoverage": f"{first}/{descriptor['techpacts:coversTo']}",
        "variableMeasured": measured,
        "distribution": files,
    }


def datacite(contents: Contents) -> Json:
    """DataCite 4.5 without what is given on deposit: the identifier and who publishes it."""
    given = contents.package
    return {
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Tabular data"},
        "creators": [{"name": c["title"], "nameType": "Organizational"} for c in given["contributors"]],
        "titles": [
            {"title": _title(given), "lang": "en"},
            {"title": given["techpacts:titleKo"], "titleType": "TranslatedTitle", "lang": "ko"},
        ],
        "publicationYear": given["released"][:4],
        "dates": [{"date": given["released"], "dateType": "Issued"}],
        "version": given["version"],
        "language": "en",
        "subjects": [{"subject": k} for k in given["keywords"]],
        "formats": ["text/csv", "application/vnd.apache.parquet"],
        "rightsList": [
            {
                "rights": given["licenses"][0]["title"],
                "rightsUri": given["licenses"][0]["path"],
                "rightsIdentifier": given["licenses"][0]["name"],
                "rightsIdentifierScheme": "SPDX",
                "schemeUri": "https://spdx.org/licenses/",
            }
        ],
        "descriptions": [
            {"description": given["description"], "descriptionType": "Abstract", "lang": "en"},
            {"description": given["techpacts:descriptionKo"], "descriptionType": "Abstract", "lang": "ko"},
        ],
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    }


def ro_crate(contents: Contents, files: dict[str, bytes]) -> Json:
    """RO-Crate 1.1 of the files of the zip, the metadata file aside."""
    given = contents.package
    kinds = {
        "csv": "text/csv",
        "parquet": "application/vnd.apache.parquet",
        "json": "application/json",
        "md": "text/markdown",
        "cff": "text/yaml",
        "bib": "application/x-bibtex",
        "ris": "application/x-research-info-systems",
        "txt": "text/plain",
    }
    names = {f"data/{t.name}.{e}": t.title for t in contents.tables.values() for e in ("csv", "parquet")}
    parts = [
        {
            "@id": name,
            "@type": "File",
            "name": names.get(name, name),
            "encodingFormat": kinds.get(name.rsplit(".", 1)[-1], "text/plain"),
            "contentSize": str(len(data)),
        }
        for name, data in sorted(files.items())
    ]
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [
            {
                "@id": "ro-crate-metadata.json",
                "@type": "CreativeWork",
                "about": {"@id": "./"},
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": _title(given),
                "description": given["description"],
                "datePublished": given["released"],
                "version": given["version"],
                "license": {"@id": given["licenses"][0]["path"]},
                "keywords": ", ".join(given["keywords"]),
                "creditText": given["citation"],
                "creator": [{"@id": "#contributors"}],
                "hasPart": [{"@id": p["@id"]} for p in parts],
            },
            {
                "@id": given["licenses"][0]["path"],
                "@type": "CreativeWork",
                "name": given["licenses"][0]["title"],
                "identifier": given["licenses"][0]["name"],
            },
            {"@id": "#contributors", "@type": "Organization", "name": given["contributors"][0]["title"]},
            *parts,
        ],
    }


def metadata_files(contents: Contents, descriptor: Json) -> dict[str, bytes]:
    """Every file of metadata that goes into the zip, by path, but for RO-Crate, which lists the others."""
    return {
        "croissant.json": to_json(croissant(contents, descriptor)),
        "metadata/schema.org.json": to_json(schema_org(contents, descriptor)),
        "metadata/datacite.json": to_json(datacite(contents)),
        "metadata/techpacts.bib": (dataset_bibtex(contents.package) + "\n").encode("utf-8"),
        "metadata/techpacts.ris": (dataset_ris(contents.package) + "\n").encode("utf-8"),
        "metadata/apa.txt": f"{contents.package['citation']}\n".encode(),
    }

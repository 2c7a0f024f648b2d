"""What a PDF says about itself: its title, its dates and the standards it keeps; never anything about a patient."""

from typing import Any
from xml.sax.saxutils import escape

from pikepdf import Dictionary, Name, Pdf, String

from intake_app import paths
from intake_app.letter.blocks import Letter

PRODUCER = "Spine intake"
ICC_COMPONENTS = 3
# The extension schema is there because PDF/A does not know PDF/UA's own mark.
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
    xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
   <xmp:CreatorTool>{producer}</xmp:CreatorTool>
   <xmp:CreateDate>{date}</xmp:CreateDate>
   <xmp:ModifyDate>{date}</xmp:ModifyDate>
   <pdf:Producer>{producer}</pdf:Producer>
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>A</pdfaid:conformance>
   <pdfuaid:part>1</pdfuaid:part>
   <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
     <pdfaProperty:name>part</pdfaProperty:name>
     <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
     <pdfaProperty:category>internal</pdfaProperty:category>
     <pdfaProperty:description>Part of PDF/UA that the file keeps</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
   </rdf:li></rdf:Bag></pdfaExtension:schemas>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def write_metadata(pdf: Pdf, letter: Letter) -> None:
    """Write the title, the language and the dates, in the old place and the new, and what the colours mean."""
    _write_info(pdf.docinfo, letter)
    fields = {"title": letter.title, "language": letter.language, "date": letter.issued.isoformat(timespec="seconds")}
    fields = {name: escape(text) for name, text in fields.items()}
    written = XMP.format(**fields, producer=PRODUCER)
    pdf.Root.Metadata = pdf.make_stream(written.encode(), Type=Name.Metadata, Subtype=Name.XML)
    pdf.Root.Lang = String(letter.language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.OutputIntents = [
        Dictionary(
            Type=Name.OutputIntent,
            S=Name.GTS_PDFA1,
            OutputConditionIdentifier=String("sRGB"),
            Info=String("sRGB IEC61966-2.1"),
            DestOutputProfile=pdf.make_stream((paths.resources() / "icc" / "srgb.icc").read_bytes(), N=ICC_COMPONENTS),
        )
    ]


def pdf_date(letter: Letter) -> str:
    """Return when the letter was issued, as PDF writes it: every date of the file, so that it is always the same."""
    return letter.issued.strftime("D:%Y%m%d%H%M%S")


def _write_info(info: Any, letter: Letter) -> None:  # noqa: ANN401  a dictionary of the file
    for key in list(info.keys()):
        del info[key]
    info.Title = String(letter.title)
    info.Creator = info.Producer = String(PRODUCER)
    info.CreationDate = info.ModDate = String(pdf_date(letter))

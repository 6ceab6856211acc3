package text

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
)

// JSON is s indented by two spaces, as safe lines, with keys and numbers left
// as they were written. What is not JSON is shown as Lines.
func JSON(s string) []string {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(strings.TrimSpace(s)), "", "  "); err != nil || b.Len() == 0 {
		return Lines(s)
	}
	return Lines(b.String())
}

// Bytes is a hex view: offset, sixteen bytes, and the printable ASCII of each
// line.
func Bytes(p []byte) string {
	var b strings.Builder
	for at := 0; at < len(p); at += 16 {
		if at > 0 {
			b.WriteByte('\n')
		}
		row := p[at:min(at+16, len(p))]
		fmt.Fprintf(&b, "%08x ", at)
		for i := range 16 {
			if i == 8 {
				b.WriteByte(' ')
			}
			if i < len(row) {
				fmt.Fprintf(&b, " %02x", row[i])
			} else {
				b.WriteString("   ")
			}
		}
		b.WriteString("  ")
		for _, c := range row {
			if c < 0x20 || c > 0x7e {
				c = '.'
			}
			b.WriteByte(c)
		}
	}
	return b.String()
}

// EscapeJSON escapes in a JSON document what encoding/json leaves as it is but a
// terminal obeys: C1 control characters, bidirectional controls and other invisible
// formatting. The document says the same. Outside of ASCII, JSON has characters in
// strings only.
func EscapeJSON(document string) string {
	var b strings.Builder
	b.Grow(len(document))
	for _, r := range document {
		switch {
		case r < unicode.MaxASCII || !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		}
	}
	return b.String()
}

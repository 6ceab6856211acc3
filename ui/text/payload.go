package text

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
)

// deepest is the most levels of JSON that are indented. The indents of ten
// thousand, which is twenty kilobytes of brackets, would fill the memory.
const deepest = 100

// JSON is s indented by two spaces, as safe lines, with keys and numbers left
// as they were written. What is not JSON, or too deep for indents, is shown as
// Lines.
func JSON(s string) []string {
	var b bytes.Buffer
	if tooDeep(s) {
		return Lines(s)
	}
	if err := json.Indent(&b, []byte(strings.TrimSpace(s)), "", "  "); err != nil || b.Len() == 0 {
		return Lines(s)
	}
	return Lines(b.String())
}

// tooDeep tells whether brackets, those inside of strings left out, stand deeper
// than is indented.
func tooDeep(s string) bool {
	depth, inString := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case inString:
			switch c {
			case '\\':
				i++
			case '"':
				inString = false
			}
		case c == '"':
			inString = true
		case c == '[' || c == '{':
			if depth++; depth > deepest {
				return true
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return false
}

// Bytes is a hex view: offset, sixteen bytes, and the printable ASCII of each
// line.
func Bytes(p []byte) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	b.Grow(len(p) * 5)
	for at := 0; at < len(p); at += 16 {
		if at > 0 {
			b.WriteByte('\n')
		}
		row := p[at:min(at+16, len(p))]
		for shift := 28; shift >= 0; shift -= 4 {
			b.WriteByte(hex[at>>shift&15])
		}
		b.WriteByte(' ')
		for i := range 16 {
			if i == 8 {
				b.WriteByte(' ')
			}
			if i < len(row) {
				b.WriteByte(' ')
				b.WriteByte(hex[row[i]>>4])
				b.WriteByte(hex[row[i]&15])
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

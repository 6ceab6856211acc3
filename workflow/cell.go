package workflow

import (
	"strings"
	"unicode/utf8"
)

// HarmlessCell keeps a spreadsheet from taking a text from outside for a
// formula: one that begins like it, also in the wide letters of East Asia, gets an
// apostrophe in front (OWASP, CSV injection).
func HarmlessCell(cell string) string {
	if first, _ := utf8.DecodeRuneInString(cell); cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + cell
	}
	return cell
}

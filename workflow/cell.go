package workflow

import "strings"

// HarmlessCell keeps a spreadsheet from taking a text from outside for a
// formula: one that begins like it gets an apostrophe in front (OWASP, CSV
// injection).
func HarmlessCell(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

package action

import (
	"strings"
	"testing"
	"time"
)

func TestExportedRows(t *testing.T) {
	t.Parallel()
	type row struct {
		text string
		n    int
		at   time.Time
	}
	members := []Member[row]{
		{"text", func(r row) any { return r.text }},
		{"n", func(r row) any { return r.n }},
		{"at", func(r row) any { return r.at }},
		{"none", func(row) any { return nil }},
	}
	rows := []row{{"=a,<b>\"", 3, time.Date(2026, 11, 23, 8, 0, 0, 0, time.FixedZone("", 3600))}, {}}
	var lines, cells strings.Builder
	if err := writeLines(&lines, rows, members); err != nil {
		t.Fatal(err)
	}
	if got, want := lines.String(), `{"text":"=a,<b>\"","n":3,"at":"2026-11-23T07:00:00Z"}`+"\n"+`{"n":0}`+"\n"; got != want {
		t.Errorf("lines\n%swant\n%s", got, want)
	}
	if err := writeCSV(&cells, rows, members); err != nil {
		t.Fatal(err)
	}
	if got, want := cells.String(), "text,n,at,none\n\"'=a,<b>\"\"\",3,2026-11-23T07:00:00Z,\n,0,,\n"; got != want {
		t.Errorf("cells\n%swant\n%s", got, want)
	}
	lines.Reset()
	if err := writeLines(&lines, rows[:1], members[3:]); err != nil || lines.String() != "{}\n" {
		t.Errorf("of nothing: %q, %v", lines.String(), err)
	}
}

package deadletters

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"orderops/ui/text"
	"orderops/workflow"
)

// attributes lists what SQS tells of a message and what the sender added.
// Binary values are shown as a hex view.
func attributes(m workflow.Message) []string {
	lines := []string{
		"message id       " + string(m.ID),
		"order id         " + string(m.OrderID()),
		"sent             " + stamp(m.Sent),
		"first received   " + stamp(m.FirstReceived),
		"receives         " + fmt.Sprint(m.ReceiveCount),
		"from queue       " + orNone(m.SourceARN),
		"sender           " + orNone(m.SenderID),
		"trace header     " + orNone(m.TraceHeader),
		"",
	}
	if len(m.Attributes) == 0 {
		return append(lines, "no message attributes")
	}
	for _, name := range slices.Sorted(maps.Keys(m.Attributes)) {
		a := m.Attributes[name]
		if strings.HasPrefix(a.DataType, "Binary") {
			lines = append(lines, fmt.Sprintf("%s (%s, %d bytes)", name, a.DataType, len(a.Binary)))
			lines = append(lines, strings.Split(text.Bytes(a.Binary), "\n")...)
			continue
		}
		lines = append(lines, fmt.Sprintf("%s (%s)  %s", name, a.DataType, a.Text))
	}
	return lines
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.Local().Format(time.RFC3339)
}

func orNone(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

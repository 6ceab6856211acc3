package action

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/workflow"
)

// Member is one member of what is exported, and its column as CSV.
type Member[T any] struct {
	Name string
	// Value is a text, a number, a truth or a time. "", nil and the zero time are
	// not known: a JSON line leaves them out, a cell is empty.
	Value func(T) any
}

// ExportRows writes rows to a file. They must not change after they were handed
// out: it is written beside the program.
func ExportRows[T any](w *World, name, what string, rows []T, members []Member[T]) tea.Cmd {
	return w.WriteFile(name, what, len(rows),
		func(out io.Writer) error { return writeCSV(out, rows, members) },
		func(out io.Writer) error { return writeLines(out, rows, members) })
}

// valueOf is a member of a row; nil is not known.
func valueOf[T any](m Member[T], row T) any {
	switch v := m.Value(row).(type) {
	case string:
		if v == "" {
			return nil
		}
		return v
	case time.Time:
		if v.IsZero() {
			return nil
		}
		return v.UTC().Format(time.RFC3339Nano)
	default:
		return v
	}
}

func writeLines[T any](w io.Writer, rows []T, members []Member[T]) error {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	for _, row := range rows {
		line.Reset()
		for _, m := range members {
			value := valueOf(m, row)
			if value == nil {
				continue
			}
			line.WriteByte(',')
			for _, part := range []any{m.Name, value} {
				if err := encoder.Encode(part); err != nil {
					return err
				}
				line.Truncate(line.Len() - 1) // the line feed behind each
				line.WriteByte(':')
			}
			line.Truncate(line.Len() - 1)
		}
		out := line.Bytes()
		if len(out) == 0 {
			out = []byte{','}
		}
		out[0] = '{'
		if _, err := w.Write(append(out, "}\n"...)); err != nil {
			return err
		}
	}
	return nil
}

func writeCSV[T any](w io.Writer, rows []T, members []Member[T]) error {
	out := csv.NewWriter(w)
	cells := make([]string, len(members))
	for i, m := range members {
		cells[i] = m.Name
	}
	if err := out.Write(cells); err != nil {
		return err
	}
	for _, row := range rows {
		for i, m := range members {
			cells[i] = ""
			if value := valueOf(m, row); value != nil {
				cells[i] = workflow.HarmlessCell(fmt.Sprint(value))
			}
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

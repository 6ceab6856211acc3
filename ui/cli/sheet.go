package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"orderops/config"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/query"
)

const formatCSV = "csv"

// field is one named value of a record. The name is that of the column, of the
// member in JSON, and of the filter where that knows it.
type field[T any] struct {
	name string
	help string
	// value is a string, a whole number, a float64, a bool, a time.Time, or JSON
	// that was made already; nil is not known.
	value func(T) any
	// wide fields are no column of a table unless they are asked for.
	wide bool
	// gives is how early a column is left out where the terminal is too narrow: the
	// highest first, 0 never.
	gives int
	// id fields are never cut.
	id bool
	// status fields are painted.
	status bool
}

// sheet is a kind of records. Its name has the version of its fields: within one
// version fields are only added.
type sheet[T any] struct {
	name   string
	fields []field[T]
}

// output is how records are printed.
type output struct {
	format  string
	columns []string
	filter  string
	query   query.Query
}

// add adds the flags of the output. fields are what --columns can name, filters
// what --filter knows; without any there is no such flag.
func (o *output) add(flags *pflag.FlagSet, filters, fields []string) {
	flags.StringVarP(&o.format, "output", "o", "", "format: table, json, jsonl or csv; by default table on a terminal, else json")
	flags.StringSliceVar(&o.columns, "columns", nil, "fields to print, in this order, such as "+strings.Join(fields[:2], ","))
	offer(flags, "columns", fields)
	if len(filters) > 0 {
		flags.StringVar(&o.filter, "filter", "", "only what matches, as in the dashboard: words, column:value, !not; columns: "+strings.Join(filters, ", "))
		offer(flags, "filter", filters)
	}
}

// check reads the filter and finds what can't be used.
func (o *output) check(filters, fields []string) error {
	switch o.format {
	case "", formatTable, formatJSON, formatJSONLines, formatCSV:
	default:
		return &config.SettingError{Setting: "--output", Reason: "is " + strconv.QuoteToGraphic(o.format) + ", must be table, json, jsonl or csv", Next: "See --help."}
	}
	for _, name := range o.columns {
		if !slices.Contains(fields, name) {
			return &config.SettingError{
				Setting: "--columns", Reason: "names " + strconv.QuoteToGraphic(name) + ", which is no field here",
				Next: "There are " + strings.Join(fields, ", ") + ".",
			}
		}
	}
	parsed, err := query.Parse(o.filter, filters...)
	if err != nil {
		return &config.SettingError{Setting: "--filter", Reason: "can't be read: " + err.Error(), Next: "See --help."}
	}
	o.query = parsed
	return nil
}

// names are the names of all fields.
func (s sheet[T]) names() []string {
	names := make([]string, len(s.fields))
	for i, f := range s.fields {
		names[i] = f.name
	}
	return names
}

// chosen are the fields to print.
func (s sheet[T]) chosen(o output, format string) []field[T] {
	var fields []field[T]
	if len(o.columns) > 0 {
		for _, name := range o.columns {
			for _, f := range s.fields {
				if f.name == name {
					fields = append(fields, f)
				}
			}
		}
		return fields
	}
	for _, f := range s.fields {
		if format != formatTable || !f.wide {
			fields = append(fields, f)
		}
	}
	return fields
}

// printer writes records one after another. End must be called once.
type printer[T any] struct {
	p      *program
	sheet  sheet[T]
	fields []field[T]
	format string
	table  *table // nil in other formats
	n      int
}

// open begins to print. A live printer holds nothing back.
func (s sheet[T]) open(p *program, o output, live bool) *printer[T] {
	format := p.format(o.format)
	if live && o.format == "" && format == formatJSON {
		format = formatJSONLines // an array that never ends is of no use
	}
	out := &printer[T]{p: p, sheet: s, format: format, fields: s.chosen(o, format)}
	head := make([]string, len(out.fields))
	for i, f := range out.fields {
		head[i] = f.name
	}
	switch format {
	case formatCSV:
		p.print("%s", csvLine(head))
	case formatTable:
		out.table = p.table(s.columns(out.fields, len(o.columns) > 0), live)
	}
	return out
}

// columns are the columns of a table. Those that were asked for are never left out.
func (s sheet[T]) columns(fields []field[T], asked bool) []column {
	columns := make([]column, len(fields))
	for i, f := range fields {
		columns[i] = column{name: f.name, gives: f.gives, whole: f.id, painted: f.status}
		if asked {
			columns[i].gives = 0
		}
	}
	return columns
}

// add prints one record.
func (out *printer[T]) add(record T) error {
	switch out.format {
	case formatTable, formatCSV:
		cells := make([]string, len(out.fields))
		for i, f := range out.fields {
			cells[i] = cell(f.value(record), out.format)
		}
		if out.format == formatTable {
			out.table.add(cells)
			break
		}
		out.write("%s", csvLine(cells))
	default:
		object, err := out.object(record)
		if err != nil {
			return err
		}
		switch {
		case out.format == formatJSONLines:
			object += "\n"
		case out.n == 0:
			object = "[\n  " + object
		default:
			object = ",\n  " + object
		}
		out.write("%s", text.EscapeJSON(object))
	}
	out.n++
	return nil
}

// flush prints what was held back so far; what follows is printed at once.
func (out *printer[T]) flush() {
	if out.table != nil {
		out.table.flush()
	}
}

// end prints what was held back.
func (out *printer[T]) end() {
	switch {
	case out.table != nil:
		out.table.end()
	case out.format == formatJSON && out.n == 0:
		out.write("[]\n")
	case out.format == formatJSON:
		out.write("\n]\n")
	}
}

func (out *printer[T]) write(format string, arguments ...any) {
	p := out.p
	p.print(format, arguments...)
}

// object is a record as a JSON object, its members in the order of the fields.
func (out *printer[T]) object(record T) (string, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"schema":%q`, out.sheet.name)
	for _, f := range out.fields {
		value := f.value(record)
		if at, ok := value.(time.Time); ok {
			value = stamp(at)
		}
		encoded, err := encode(value)
		if err != nil {
			return "", fmt.Errorf("write JSON: %w", err)
		}
		fmt.Fprintf(&b, `,%q:%s`, f.name, encoded)
	}
	b.WriteString("}")
	return b.String(), nil
}

// encode is a value as JSON in which < and & stay as they are.
func encode(value any) (string, error) {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// stamp is a time as JSON has it: RFC 3339 in UTC, null when it is not known.
func stamp(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.UTC().Format(time.RFC3339Nano)
}

// cell is a value as a table or CSV has it.
func cell(value any, format string) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case time.Time:
		switch {
		case v.IsZero():
			return ""
		case format == formatCSV:
			return v.UTC().Format(time.RFC3339Nano)
		}
		return v.Local().Format(time.DateTime)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.RawMessage:
		return string(v)
	}
	return fmt.Sprint(value)
}

// csvLine is one row. A cell that a spreadsheet would take for a formula gets an
// apostrophe in front, and nothing in it acts on a terminal.
func csvLine(cells []string) string {
	var b strings.Builder
	safe := make([]string, len(cells))
	for i, c := range cells {
		safe[i] = text.Clean(workflow.HarmlessCell(c))
	}
	w := csv.NewWriter(&b)
	_ = w.Write(safe) // a builder takes everything
	w.Flush()
	return b.String()
}

// one prints a single record: as an object, or with a label before each value.
func (s sheet[T]) one(p *program, o output, record T) error {
	format := p.format(o.format)
	out := &printer[T]{p: p, sheet: s, format: format, fields: s.chosen(o, formatJSON)}
	switch format {
	case formatTable:
		var lines [][2]string
		for _, f := range out.fields {
			if text := cell(f.value(record), format); text != "" {
				lines = append(lines, [2]string{f.name, text})
			}
		}
		p.printLines(lines)
		return nil
	case formatCSV:
		list := s.open(p, o, false)
		if err := list.add(record); err != nil {
			return err
		}
		list.end()
		return nil
	}
	object, err := out.object(record)
	if err != nil {
		return err
	}
	if format == formatJSON {
		var b bytes.Buffer
		if err := json.Indent(&b, []byte(object), "", "  "); err != nil {
			return fmt.Errorf("write JSON: %w", err)
		}
		object = b.String()
	}
	p.print("%s\n", text.EscapeJSON(object))
	return nil
}

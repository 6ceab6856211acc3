// Package orderfile reads orders from a file: one JSON object a line, or CSV with
// a header. It needs the same memory for a file of any size, and tells every
// mistake with its line and field.
package orderfile

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"orderops/workflow"
)

// Format is how a file is written.
type Format string

// The formats.
const (
	// JSONLines is an order a line: its fields, or a whole message body with data.
	JSONLines Format = "jsonl"
	// CSV has user_id, quantity and restaurant_id in its header; other columns are
	// carried along as texts.
	CSV Format = "csv"
)

// mostLine is the longest line: SQS takes no larger message (1 MiB).
const mostLine = 1 << 20

// Order is one order of a file.
type Order struct {
	// Line is where it begins, counted from 1.
	Line int
	// Body is the message body as it is sent.
	Body []byte
	// UserID is who orders.
	UserID string
}

// LineError is an order that can't be sent.
type LineError struct {
	Line int
	// Field is the field at fault, "" for the whole line.
	Field string
	// Problem follows the name of the field.
	Problem string
	// Fatal tells that nothing behind this line can be read.
	Fatal bool
}

// Error tells line, field and problem.
func (e *LineError) Error() string {
	field := e.Field
	if field == "" {
		field = "the line"
	}
	return fmt.Sprintf("line %d: %s %s", e.Line, field, e.Problem)
}

// Read gives the orders of a file one by one. An order that can't be sent comes
// as a *LineError in its place; reading goes on behind it unless it is fatal.
// Another error is the reader's own, and the last thing that comes.
func Read(r io.Reader, format Format) iter.Seq2[Order, error] {
	return ReadSome(r, format, func(int) bool { return true })
}

// ReadSome is Read of a file that was checked, of which only the orders with some
// numbers, counted from 0, are wanted. The others come in their place with nothing
// but their line, and cost next to nothing.
func ReadSome(r io.Reader, format Format, wanted func(number int) bool) iter.Seq2[Order, error] {
	if format == CSV {
		return readCSV(r, wanted)
	}
	return readLines(r, wanted)
}

func readLines(r io.Reader, wanted func(number int) bool) iter.Seq2[Order, error] {
	return func(yield func(Order, error) bool) {
		scanner := bufio.NewScanner(r)
		scanner.Buffer(make([]byte, 0, 64<<10), mostLine)
		n, number := 0, -1
		for scanner.Scan() {
			n++
			line := bytes.TrimSpace(scanner.Bytes())
			if n == 1 {
				line = bytes.TrimPrefix(line, []byte("\ufeff")) // some editors put it there
			}
			if len(line) == 0 {
				continue
			}
			if number++; !wanted(number) {
				if !yield(Order{Line: n}, nil) {
					return
				}
				continue
			}
			body, user, err := bodyOf(line)
			if err != nil {
				err.Line = n
				if !yield(Order{Line: n}, err) {
					return
				}
				continue
			}
			if !yield(Order{Line: n, Body: body, UserID: user}, nil) {
				return
			}
		}
		switch err := scanner.Err(); {
		case errors.Is(err, bufio.ErrTooLong):
			yield(Order{}, &LineError{Line: n + 1, Problem: "is longer than a message can be (1 MiB)", Fatal: true})
		case err != nil:
			yield(Order{}, err)
		}
	}
}

// bodyOf makes the message body of one line. A whole body stays as it is; bare
// fields are put into one.
func bodyOf(line []byte) (body []byte, user string, wrong *LineError) {
	var envelope struct {
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(line, &envelope); !json.Valid(line) || err == nil && envelope.Data != nil {
		order, err := workflow.DecodeBody(line)
		if err != nil {
			return nil, "", lineError(err, "")
		}
		return bytes.Clone(line), order.UserID, nil
	}
	order, err := workflow.DecodeBody(slices.Concat([]byte(`{"data":`), line, []byte("}")))
	if err != nil {
		return nil, "", lineError(err, "data")
	}
	return workflow.EncodeBody(order), order.UserID, nil
}

// lineError tells why the decoder rejects a body; prefix is what was put round
// the line, which nobody has written.
func lineError(err error, prefix string) *LineError {
	wrong, ok := errors.AsType[*workflow.BodyError](err)
	if !ok {
		return &LineError{Problem: err.Error()}
	}
	field := wrong.Field
	if prefix != "" {
		field = strings.TrimPrefix(strings.TrimPrefix(field, prefix), ".")
	}
	return &LineError{Field: field, Problem: wrong.Problem}
}

// required are the columns that every CSV file has.
func required() []string { return []string{"user_id", "quantity", "restaurant_id"} }

func readCSV(r io.Reader, wanted func(number int) bool) iter.Seq2[Order, error] {
	return func(yield func(Order, error) bool) {
		reader := csv.NewReader(r)
		reader.ReuseRecord = true
		header, err := reader.Read()
		if err != nil && !errors.Is(err, io.EOF) {
			yield(Order{}, csvError(err))
			return
		}
		columns := slices.Clone(header)
		if len(columns) > 0 {
			columns[0] = strings.TrimPrefix(columns[0], "\ufeff")
		}
		if wrong := checkHeader(columns); wrong != nil {
			yield(Order{}, wrong)
			return
		}
		for number := 0; ; number++ {
			record, err := reader.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Order{}, csvError(err))
				return
			}
			line, _ := reader.FieldPos(0)
			if !wanted(number) {
				if !yield(Order{Line: line}, nil) {
					return
				}
				continue
			}
			body, user, wrong := bodyOfRecord(columns, record)
			if wrong != nil {
				wrong.Line = line
				if !yield(Order{Line: line}, wrong) {
					return
				}
				continue
			}
			if !yield(Order{Line: line, Body: body, UserID: user}, nil) {
				return
			}
		}
	}
}

func checkHeader(columns []string) *LineError {
	for i, name := range columns {
		if name == "" || slices.Contains(columns[:i], name) {
			return &LineError{Line: 1, Problem: fmt.Sprintf("is no header: column %d is called %q, which is empty or stands twice", i+1, name), Fatal: true}
		}
	}
	for _, name := range required() {
		if !slices.Contains(columns, name) {
			return &LineError{Line: 1, Field: name, Problem: "is missing in the header, which must name user_id, quantity and restaurant_id", Fatal: true}
		}
	}
	return nil
}

func bodyOfRecord(columns, record []string) (body []byte, user string, wrong *LineError) {
	var order workflow.Order
	for i, name := range columns {
		value := record[i]
		switch name {
		case "user_id":
			order.UserID = value
		case "quantity":
			order.Quantity = value
		case "restaurant_id":
			order.RestaurantID = value
		default:
			text, err := json.Marshal(value)
			if err != nil {
				return nil, "", &LineError{Field: name, Problem: "can't be written as JSON"}
			}
			order.Extra = append(order.Extra, workflow.Field{Name: name, Value: text})
		}
	}
	body = workflow.EncodeBody(order)
	if _, err := workflow.DecodeBody(body); err != nil {
		return nil, "", lineError(err, "data")
	}
	return body, order.UserID, nil
}

// csvError tells a mistake in the CSV itself, behind which nothing can be read.
func csvError(err error) error {
	if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
		return &LineError{Line: wrong.Line, Problem: "is not CSV: " + wrong.Err.Error(), Fatal: true}
	}
	return err
}

// Summary is what a file holds.
type Summary struct {
	Orders int
	// Mistakes are the first lines that can't be sent, Wrong how many there are.
	Mistakes []*LineError
	Wrong    int
}

// mostMistakes are told at once; a file with more has one mistake in all of them.
const mostMistakes = 20

// Check reads a whole file and finds every line that can't be sent. The error is
// the reader's own.
func Check(r io.Reader, format Format) (Summary, error) {
	var s Summary
	for _, err := range Read(r, format) {
		if err == nil {
			s.Orders++
			continue
		}
		wrong, ok := errors.AsType[*LineError](err)
		if !ok {
			return s, err
		}
		if s.Wrong++; len(s.Mistakes) < mostMistakes {
			s.Mistakes = append(s.Mistakes, wrong)
		}
	}
	return s, nil
}

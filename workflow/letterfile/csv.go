package letterfile

import (
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"orderops/workflow"
)

// WriteCSV writes letters for a spreadsheet. No cell is taken for a formula, so
// that it can't be read back byte for byte.
func WriteCSV(w io.Writer, letters []workflow.DeadLetter) error {
	out := csv.NewWriter(w)
	err := out.Write([]string{
		"verdict", "message", "order", "user", "quantity", "restaurant", "sent", "deleted", "receives", "cause", "source", "size",
		"body", "body_base64", "attributes",
	})
	for i := 0; err == nil && i < len(letters); i++ {
		var row []string
		if row, err = cells(letters[i]); err == nil {
			err = out.Write(row)
		}
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return err
}

func cells(d workflow.DeadLetter) ([]string, error) {
	stamp := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339Nano)
	}
	body, binary := string(d.Body), ""
	if !utf8.Valid(d.Body) {
		body, binary = "", base64.StdEncoding.EncodeToString(d.Body)
	}
	l, err := lineOf(d)
	if err != nil {
		return nil, err
	}
	attributes := ""
	if len(l.Attributes) > 0 {
		encoded, err := json.Marshal(l.Attributes)
		if err != nil {
			return nil, err
		}
		attributes = string(encoded)
	}
	row := []string{
		string(d.Verdict), string(d.ID), string(d.OrderID()), d.Order.UserID, d.Order.Quantity, d.Order.RestaurantID, stamp(d.Sent), stamp(d.DeleteAt),
		strconv.Itoa(d.Receives), d.Cause(), d.SourceARN, strconv.Itoa(len(d.Body)), body, binary, attributes,
	}
	for i := range row {
		row[i] = workflow.HarmlessCell(row[i])
	}
	return row, nil
}

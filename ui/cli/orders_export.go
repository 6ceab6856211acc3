package cli

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/workflow"
	"orderops/workflow/query"
)

// tableRow is a row of the orders table that can be filtered.
type tableRow struct{ workflow.Row }

// tableColumns are what the export can be filtered by.
func tableColumns() []string {
	return []string{"order", "user", "restaurant", "quantity", "row", "created", "error"}
}

// SearchText appends what plain words of a filter look in.
func (r tableRow) SearchText(b []byte) []byte {
	return query.AppendFolded(b, string(r.ID), r.UserID, r.RestaurantID, r.Quantity, string(r.Status), r.ErrorMessage)
}

// Column is a value to filter by.
func (r tableRow) Column(name string) (query.Value, bool) {
	text := map[string]string{"order": string(r.ID), "user": r.UserID, "restaurant": r.RestaurantID, "row": string(r.Status), "error": r.ErrorMessage}
	switch name {
	case "quantity":
		if n, err := strconv.ParseFloat(r.Quantity, 64); err == nil {
			return query.Value{Kind: query.Number, Number: n, Text: r.Quantity}, true
		}
		return query.Value{Text: r.Quantity}, true
	case "created":
		return query.Value{Kind: query.Time, Time: r.Created}, true
	}
	value, ok := text[name]
	return query.Value{Text: value}, ok
}

// rowSheet are the fields of a row of the orders table.
func rowSheet() sheet[tableRow] {
	type r = tableRow
	return sheet[r]{name: "row/1", fields: []field[r]{
		{name: "order", id: true, help: "id", value: func(x r) any { return string(x.ID) }},
		{name: "user", gives: 1, help: "user_id", value: func(x r) any { return x.UserID }},
		{name: "restaurant", gives: 5, help: "restaurant_id", value: func(x r) any { return known(x.RestaurantID) }},
		{name: "quantity", id: true, gives: 6, help: "quantity", value: func(x r) any { return known(x.Quantity) }},
		{name: "row", id: true, status: true, help: "order_status", value: func(x r) any { return known(string(x.Status)) }},
		{name: "created", id: true, gives: 4, help: "created_at, as it stands there", value: func(x r) any { return known(x.CreatedText) }},
		{name: "error", help: "error_message", value: func(x r) any { return known(x.ErrorMessage) }},
		{name: "message", id: true, help: "message_id", wide: true, value: func(x r) any { return known(string(x.MessageID)) }},
		{name: "extra", help: "further attributes, as DynamoDB's JSON in texts", wide: true, value: func(x r) any {
			if len(x.Extra) == 0 {
				return nil
			}
			encoded, err := json.Marshal(x.Extra)
			if err != nil {
				return nil
			}
			return json.RawMessage(encoded)
		}},
	}}
}

// exportPage is how many rows are read at once.
const exportPage = 1000

func (p *program) ordersExport() *cobra.Command {
	var o output
	var most int
	cmd := &cobra.Command{
		Use: "export", Short: "Print every row of the orders table", Args: cobra.NoArgs,
		Long: "Reads the whole orders table, page by page, and prints a row at a time; by default as JSON lines. " +
			"A scan reads, and costs, everything that it passes, also what the filter leaves out: the read units are told at the end.",
		Example: "orderops orders export > orders.jsonl\norderops orders export -o csv --filter 'row:FAILURE created:<1d' > failed.csv",
	}
	cmd.RunE = p.at(func(ctx context.Context, c *Connection, _ []string) error {
		if err := o.check(tableColumns(), rowSheet().names()); err != nil {
			return err
		}
		if most < 0 {
			return &config.SettingError{Setting: "--most", Reason: "is negative", Next: "Give a number of rows."}
		}
		return p.exportOrders(ctx, c, o, most)
	})
	o.add(cmd.Flags(), tableColumns(), rowSheet().names())
	cmd.Flags().IntVar(&most, "most", 0, "read no more than about so many rows; by default all")
	cmd.Flags().Lookup("most").DefValue = ""
	p.bounded(cmd)
	return cmd
}

func (p *program) exportOrders(ctx context.Context, c *Connection, o output, most int) error {
	if o.format == "" {
		o.format = formatJSONLines
	}
	type page struct {
		rows  []workflow.Row
		next  string
		units float64
	}
	out := rowSheet().open(p, o, o.format == formatTable)
	token, read, units := "", 0, 0.0
	for {
		limit := exportPage
		if most > 0 {
			limit = min(limit, most-read)
		}
		got, err := patient(ctx, func(ctx context.Context) (page, error) {
			rows, next, units, err := c.Page(ctx, token, limit)
			return page{rows, next, units}, err
		})
		if err != nil {
			out.end()
			if read > 0 {
				return &workflow.Problem{
					Kind: workflow.PartlyDone, Operation: "export the orders", Target: c.Deployment.Table, Err: err,
					Reason: "after " + strconv.Itoa(read) + " rows: " + err.Error(), Next: "Export again: what was printed is not all.",
				}
			}
			return err
		}
		units += got.units
		for _, row := range got.rows {
			read++
			if !o.query.Match(tableRow{row}, time.Now()) {
				continue
			}
			if err := out.add(tableRow{row}); err != nil {
				return err
			}
		}
		p.progress("%d rows read", read)
		if token = got.next; token == "" || most > 0 && read >= most || ctx.Err() != nil {
			break
		}
	}
	out.end()
	p.progress("")
	if p.streams.ErrTerminal {
		p.say("%d rows read, %.1f read units", read, units)
	}
	return ctx.Err()
}

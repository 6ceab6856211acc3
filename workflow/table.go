package workflow

import "math"

// TableSize is how large the orders table is, as DynamoDB counted it last: about
// every six hours.
type TableSize struct {
	Rows, Bytes int64
	// ByDay tells that the table has the index by day.
	ByDay bool
}

// Reading costs half a read unit for each 4 KB that is begun, since it need not be
// strongly consistent; a call reads 1 MB at most
// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-reads-estimate.html).
const (
	bytesPerHalfUnit = 4 << 10
	mostUnitsPerCall = 128
)

// PageUnits is about how many read units a page of so many rows costs at most. By
// day each shard is asked for as many rows as are still wanted, and its answer is
// rounded up.
func (t TableSize) PageUnits(rows int) float64 {
	perRow := 0.0
	if t.Rows > 0 {
		perRow = float64(t.Bytes) / float64(t.Rows)
		rows = int(min(int64(rows), t.Rows))
	}
	units := min(max(1, math.Ceil(float64(rows)*perRow/bytesPerHalfUnit))/2, mostUnitsPerCall)
	if t.ByDay {
		return min(units*DayShards, t.WholeUnits()+DayShards/2)
	}
	return units
}

// WholeUnits is about how many read units all of it costs.
func (t TableSize) WholeUnits() float64 {
	return max(1, math.Ceil(float64(t.Bytes)/bytesPerHalfUnit)) / 2
}

// MostPageUnits is what a page costs at most, however large the rows are.
func MostPageUnits() float64 { return mostUnitsPerCall * DayShards }

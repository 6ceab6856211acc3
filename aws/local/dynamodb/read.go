package dynamodb

import "slices"

// maxPage is the most bytes that one Query or Scan reads.
const maxPage = 1 << 20

func (c *call) scan() (*answer, error) { return c.page(c.table.items, c.table.compare) }

// page reads items, which are in that order, from behind the exclusive start
// key until the limit, or until 1 MB is read.
func (c *call) page(items []item, order func(a, b item) int) (*answer, error) {
	if c.ExclusiveStartKey != nil {
		if !c.table.fits(c.ExclusiveStartKey) {
			return nil, invalid("The provided starting key is invalid")
		}
		at, found := slices.BinarySearchFunc(items, c.ExclusiveStartKey, order)
		if found {
			at++
		}
		items = items[at:]
	}
	out := &answer{Count: new(0), ScannedCount: new(0)}
	if c.Select != "COUNT" {
		out.Items = []item{}
	}
	bytes := 0
	for n, i := range items {
		size := i.size()
		if bytes+size > maxPage || c.Limit != nil && n == *c.Limit {
			break
		}
		bytes += size
		*out.ScannedCount++
		if !c.filter.holds(i) {
			continue
		}
		*out.Count++
		if out.Items != nil {
			out.Items = append(out.Items, i.pick(c.names))
		}
	}
	if read := *out.ScannedCount; read < len(items) || c.Limit != nil && read == *c.Limit {
		out.LastEvaluatedKey = items[read-1].pick(c.table.keyNames)
	}
	out.ConsumedCapacity = c.report(c.table, readUnits(bytes, c.ConsistentRead))
	return out, nil
}

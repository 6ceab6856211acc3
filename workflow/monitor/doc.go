// Package monitor is the live picture of one deployment: a Store that takes in
// changes and keeps sorted, filtered and joined views of them, and a Schedule
// that says which feed is to be polled next. Both are plain state without IO,
// locks or clocks; each belongs to one goroutine.
package monitor

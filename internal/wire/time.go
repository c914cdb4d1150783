package wire

import "time"

// ParseTime reads a time in any layout that the services use:
//
//	2006-01-02T15:04:05Z         2006-01-02T15:04:05.000000Z
//	2006-01-02T15:04:05+00:00    2006-01-02T15:04:05.000000+00:00
//	2006-01-02T15:04:05          2006-01-02T15:04:05.000000
//	2006-01-02 15:04:05          2006-01-02 15:04:05.000000
//
// A time without a zone is UTC, as the guides say. The result is in UTC.
func ParseTime[T string | []byte](s T) (time.Time, bool) {
	const date, clock = len("2006-01-02"), len("2006-01-02T15:04:05")
	if len(s) < clock || s[4] != '-' || s[7] != '-' || s[date] != 'T' && s[date] != ' ' || s[13] != ':' || s[16] != ':' {
		return time.Time{}, false
	}
	year, ok1 := digits(s[0:4])
	month, ok2 := digits(s[5:7])
	day, ok3 := digits(s[8:10])
	hour, ok4 := digits(s[11:13])
	minute, ok5 := digits(s[14:16])
	second, ok6 := digits(s[17:19])
	if !(ok1 && ok2 && ok3 && ok4 && ok5 && ok6) || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	rest := s[clock:]
	nano := 0
	if len(rest) > 0 && rest[0] == '.' {
		end := 1
		for end < len(rest) && '0' <= rest[end] && rest[end] <= '9' {
			end++
		}
		if end == 1 || end > 10 {
			return time.Time{}, false
		}
		nano, _ = digits(rest[1:end])
		for i := end; i < 10; i++ {
			nano *= 10
		}
		rest = rest[end:]
	}
	offset, ok := zone(rest)
	if !ok {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second-offset, nano, time.UTC)
	// time.Date rolls an impossible date like February 30 over into another.
	if check := t.Add(time.Duration(offset) * time.Second); check.Day() != day || int(check.Month()) != month {
		return time.Time{}, false
	}
	return t, true
}

// zone reads "", "Z", "+09:00", "+0900" or "+09" as seconds east of UTC.
func zone[T string | []byte](s T) (int, bool) {
	switch {
	case len(s) == 0, len(s) == 1 && s[0] == 'Z':
		return 0, true
	case s[0] != '+' && s[0] != '-':
		return 0, false
	}
	var hour, minute int
	var ok1, ok2 bool
	switch {
	case len(s) == 3:
		hour, ok1 = digits(s[1:3])
		ok2 = true
	case len(s) == 5:
		hour, ok1 = digits(s[1:3])
		minute, ok2 = digits(s[3:5])
	case len(s) == 6 && s[3] == ':':
		hour, ok1 = digits(s[1:3])
		minute, ok2 = digits(s[4:6])
	}
	if !ok1 || !ok2 || hour > 23 || minute > 59 {
		return 0, false
	}
	seconds := hour*3600 + minute*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

func digits[T string | []byte](s T) (int, bool) {
	n := 0
	for i := range len(s) {
		c := s[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

"""Excel number formats: what a cell prints."""

from decimal import Decimal

import pytest

from zhengwu.reading.number_formats import is_date, print_date, print_number

_ACCOUNTING = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("number", "code", "printed"),
    [
        ("63234665.440000005", "General", "63234665.44"),
        ("63234665.440000005", "#,##0.00", "63,234,665.44"),
        ("2010301.0", "General", "2010301"),
        ("0", "0.00", "0.00"),
        ("1.005", "0.00", "1.01"),
        ("2.675", "0.00", "2.68"),
        ("-34247.58", "#,##0.00", "-34,247.58"),
        ("-34247.58", "#,##0.00_);(#,##0.00)", "(34,247.58)"),
        ("-0.001", "0.00", "0.00"),
        ("0", _ACCOUNTING, "-"),
        ("-1234.5", _ACCOUNTING, "-1,234.50"),
        ("0.24465", "0.00%", "24.47%"),
        ("63234665.44", "#,##0,", "63,235"),
        ("63234665.44", "0!.0,", "6323.5"),
        ("5", '0.0"万元"', "5.0万元"),
        ("15", 'General"人"', "15人"),
        ("5", "[$¥-804]#,##0.00", "¥5.00"),
        ("7", "0000000", "0000007"),
        ("12.5", "0.##", "12.5"),
        ("1e22", "General", "1" + "0" * 22),
    ],
)
def test_number_in_a_known_format_prints_as_in_excel(number, code, printed):
    assert print_number(Decimal(number), code) == printed


@pytest.mark.parametrize("code", ["[DBNum1]General", "[>100]0;0.0", "0.00E+00", "# ?/?", "0.0.0"])
def test_number_in_an_unknown_format_gives_none(code):
    assert print_number(Decimal("12.5"), code) is None


@pytest.mark.parametrize(
    ("serial", "code", "printed"),
    [
        ("44227", "yyyy/m/d", "2021/1/31"),
        ("44227", '[$-804]yyyy"年"m"月"d"日";@', "2021年1月31日"),
        ("44227.2125", "yyyy-mm-dd hh:mm", "2021-01-31 05:06"),
        ("1", "yyyy-mm-dd", "1900-01-01"),
    ],
)
def test_date_in_a_known_format_prints_as_in_excel(serial, code, printed):
    assert is_date(code)
    assert print_date(Decimal(serial), code) == printed


@pytest.mark.parametrize("code", ["General", "#,##0.00", '0.00"元/日"', "[Red]0", "@", "G/通用格式"])
def test_number_format_is_no_date(code):
    assert not is_date(code)

#!/usr/bin/env python3
"""Convert public order data into the files of the demo company.

    python3 convert.py SOURCE TARGET

SOURCE is the shared data folder (with orders/, cn/ and LICENSES/), TARGET is
the folder to write. Standard library only; the same source gives the same
bytes. Fields and counts: README.md.
"""

import argparse
import csv
import gzip
import json
import random
import re
import shutil
from collections import Counter, defaultdict
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

SEED = "ordain-demo-1"
GBP = Decimal("10.30")  # stated demo rates, not quotations
USD = Decimal("6.65")
CENT = Decimal("0.01")
TOLERANCE = Decimal("0.01")  # share of the expected price
MAX_LINES = 200
NORTHWIND_ORDERS = 150
LARGE = Decimal("50000")
TIGHT_PRODUCTS = 0.012  # share of UCI products with too little stock
TIGHT_CUSTOMERS = 0.04  # share of customers with too little credit
NOT_GOODS = {"POST", "DOT", "M", "D", "BANK CHARGES", "AMAZONFEE", "C2", "S"}
WAREHOUSES = [("SH", "上海仓"), ("NB", "宁波仓")]
CHANNELS = [("excel", 30), ("mail", 25), ("api", 20), ("portal", 15), ("phone", 10)]
# One order has at most one planted fault; shares of the orders with a customer.
FAULTS = [
    ("no_ship_to", Decimal("0.06")),
    ("no_invoice", Decimal("0.03")),
    ("price", Decimal("0.03")),
    ("terms", Decimal("0.02")),
    ("request", Decimal("0.02")),
    ("duplicate_po", Decimal("0.01")),
]
REQUESTS = [
    "请务必在周五前送到,门店周末开业。",
    "外箱请贴我司条码,托盘高度不超过 1.5 米。",
    "送货前一天请电话预约,仓库只在上午收货。",
    "请分两批发货,第二批等通知。",
    "发票请随货同行,并附质检报告。",
    "需要中性包装,箱外不要出现贵司标识。",
    "易碎品请加气泡膜,破损请免费补发。",
    "如有缺货请先联系,不要自行替换。",
    "请安排带尾板的货车,收货处没有叉车。",
    "请把同一门店的货物单独打包并注明店号。",
]
STAFF = [
    ("sales1", "李娜", "sales", "sales"),
    ("sales2", "张伟", "sales", "sales"),
    ("smgr1", "赵强", "sales", "sales_manager"),
    ("fin1", "王芳", "finance", "finance"),
    ("fin2", "李敏", "finance", "finance"),
    ("wh1", "陈刚", "warehouse", "warehouse"),
    ("wh2", "刘洋", "warehouse", "warehouse"),
    ("plan1", "周敏", "planning", "planning"),
    ("plan2", "徐磊", "planning", "planning"),
    ("cs1", "孙丽", "service", "service"),
    ("cs2", "马超", "service", "service"),
    ("ops1", "吴涛", "operations", "process_admin"),
    ("ops2", "林静", "operations", "process_admin"),
    ("boss", "何总", "management", "management"),
    ("boss2", "高副总", "management", "management"),
    ("audit1", "郑洁", "audit", "auditor"),
    ("audit2", "罗勇", "audit", "auditor"),
    ("admin", "系统管理员", "it", "admin"),
    ("admin2", "备用管理员", "it", "admin"),
]
# Where the customers sit; province code and weight.
PROVINCES = [("31", 16), ("33", 20), ("32", 16), ("44", 12), ("37", 8), ("35", 6), ("11", 5), ("34", 5),
             ("42", 4), ("51", 4), ("41", 3), ("43", 3), ("50", 3), ("61", 3), ("12", 2), ("21", 2), ("36", 2)]
MUNICIPALITIES = {"11", "12", "31", "50"}
BRAND_1 = "恒嘉瑞鼎盛锦润华泽宏博联启晟铭汇朗远诚信佳亿凯旭安"
BRAND_2 = "达泰源丰隆悦禾川航宇晨益茂科通美利兴和昌翔腾纳程"
TRADES = ["商贸", "贸易", "礼品", "家居用品", "日用百货", "工艺品", "百货", "供应链", "进出口", "文化用品", "家饰", "商业"]
FOOD_TRADES = ["食品", "餐饮管理", "酒业", "食品贸易", "农产品", "副食品"]
STREETS = ["人民", "建设", "中山", "解放", "和平", "新华", "文化", "工业", "创业", "科技", "江滨", "振兴", "东风", "长江",
           "朝阳", "光明", "兴业", "迎宾", "学府", "锦绣"]
SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余"
GIVEN = ["伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "霞",
         "平", "刚", "桂英", "志强", "秀兰", "建华", "晓燕", "海燕", "文博", "雨桐", "子涵", "思远", "佳怡", "浩然"]


def rng(*key):
    """One stream per purpose, so that a new field does not move the others."""
    return random.Random(":".join((SEED, *map(str, key))))


def pick(r, pairs):
    return r.choices([p[0] for p in pairs], weights=[p[1] for p in pairs])[0]


def money(value):
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def read_csv(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_csv(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


# --- reading -------------------------------------------------------------


def left_out(row):
    """Why a UCI line is not an order line of goods, or None."""
    code = row["StockCode"].upper()
    if not row["InvoiceNo"].isdigit():
        return "cancellation"
    if code in NOT_GOODS or code.startswith("GIFT_"):
        return "not_goods:" + ("GIFT_*" if code.startswith("GIFT_") else code)
    if int(row["Quantity"]) <= 0:
        return "quantity_not_positive"
    if Decimal(row["UnitPrice"]) <= 0:
        return "price_not_positive"
    return None


def read_uci(source):
    rows = read_csv(source / "orders/uci_online_retail_2010-12.csv.gz")
    lines_out, invoices, names = Counter(), defaultdict(list), defaultdict(Counter)
    for row in rows:
        reason = left_out(row)
        if reason:
            lines_out[reason] += 1
            continue
        code = row["StockCode"].upper()
        names[code][" ".join(row["Description"].split())] += 1
        invoices[row["InvoiceNo"]].append(row)
    orders, too_long = [], []
    for number, lines in invoices.items():
        if len(lines) > MAX_LINES:
            too_long.append(len(lines))
            continue
        customer = lines[0]["CustomerID"]
        orders.append({
            "po": number,
            "customer": f"C{customer}" if customer else None,
            "time": min(datetime.fromisoformat(line["InvoiceDate"]) for line in lines),
            "days": rng("days", number).randint(3, 20),
            "lines": [(line["StockCode"].upper(), int(line["Quantity"]), money(Decimal(line["UnitPrice"]) * GBP))
                      for line in lines],
        })
    last = max(order["time"] for order in orders)
    for order in orders:
        order["t"] = int((order["time"] - last).total_seconds() // 60)
    customers = {f"C{row['CustomerID']}" for row in rows if row["CustomerID"]}
    names = {code: max(sorted(found), key=lambda n: found[n]) for code, found in names.items()}
    return {
        "orders": orders, "customers": customers, "names": names, "last": last, "lines": len(rows),
        "lines_out": lines_out, "too_long": too_long,
        "invoices": len({row["InvoiceNo"] for row in rows}), "invoices_kept": len(orders),
    }


def read_northwind(source, last):
    folder = source / "orders/northwind"
    details = defaultdict(list)
    for row in read_csv(folder / "order_details.csv"):
        price = money(Decimal(row["UnitPrice"]) * (1 - Decimal(row["Discount"])) * USD)
        details[row["OrderID"]].append((f"N-{row['ProductID']}", int(row["Quantity"]), price))
    found = sorted(read_csv(folder / "orders.csv"), key=lambda row: int(row["OrderID"]))[-NORTHWIND_ORDERS:]
    day = lambda text: datetime.fromisoformat(text[:10])
    last_day = max(day(row["OrderDate"]) for row in found)
    last_minute = last.hour * 60 + last.minute
    orders = []
    for row in found:
        # The source has dates only; the time of day is ours.
        minute = rng("minute", row["OrderID"]).randint(9 * 60, last_minute)
        orders.append({
            "po": row["OrderID"],
            "customer": f"N-{row['CustomerID']}",
            "t": (day(row["OrderDate"]) - last_day).days * 1440 + minute - last_minute,
            "days": (day(row["RequiredDate"]) - day(row["OrderDate"])).days,
            "lines": details[row["OrderID"]],
        })
    return orders, read_csv(folder / "products.csv")


# --- prices --------------------------------------------------------------


def list_prices(orders):
    """The lower median of what known customers paid; of all lines where none did."""
    known, every = defaultdict(list), defaultdict(list)
    for order in orders:
        for product, _, price in order["lines"]:
            every[product].append(price)
            if order["customer"]:
                known[product].append(price)
    median = lambda prices: sorted(prices)[(len(prices) - 1) // 2]
    return {product: median(known.get(product) or prices) for product, prices in every.items()}


def differs(price, expected):
    return abs(price - expected) > expected * TOLERANCE


def contract_prices(orders, prices):
    """The commonest price of each customer and product, where it is not the list price."""
    paid = defaultdict(Counter)
    for order in orders:
        if order["customer"]:
            for product, _, price in order["lines"]:
                paid[order["customer"], product][price] += 1
    contracts = {}
    for (customer, product), found in paid.items():
        usual = max(sorted(found), key=lambda p: (found[p], not differs(p, prices[product])))
        if differs(usual, prices[product]):
            contracts[customer, product] = usual
    return contracts


# --- planted faults ------------------------------------------------------


def deviating(order, expected):
    return [i for i, (product, _, price) in enumerate(order["lines"])
            if differs(price, expected(order["customer"], product))]


def plant_faults(orders, expected):
    known = [order for order in orders if order["customer"]]
    earlier = defaultdict(list)
    for order in known:
        earlier[order["customer"]].append(order["po"])
    pool = list(known)
    rng("faults").shuffle(pool)
    # Scarce first: a duplicate needs an earlier order of the same customer.
    for fault, share in reversed(FAULTS):
        wanted = int(len(known) * share)
        for order in list(pool):
            if not wanted:
                break
            r = rng("fault", order["po"])
            if fault == "duplicate_po":
                before = earlier[order["customer"]]
                before = before[:before.index(order["po"])]
                if not before:
                    continue
                order["source"], order["po"] = order["po"], before[-1]
            elif fault == "price":
                fit = [i for i, (product, _, price) in enumerate(order["lines"])
                       if price >= 1 and not differs(price, expected(order["customer"], product))]
                if not fit:
                    continue
                at = r.choice(fit)
                product, quantity, price = order["lines"][at]
                factor = r.choice([Decimal("0.92"), Decimal("1.08")])
                order["lines"][at] = (product, quantity, money(price * factor))
            elif fault == "terms":
                order["terms"] = "NET90"
            elif fault == "request":
                order["note"] = r.choice(REQUESTS)
            order["fault"] = fault
            pool.remove(order)
            wanted -= 1


# --- customers -----------------------------------------------------------


ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(r, area):
    """A unified social credit code (GB 32100) around an organisation code (GB 11714).

    The organisation part begins with DEM, so that a reader sees it is made up.
    """
    body = "DEM" + "".join(r.choices("0123456789", k=5))
    total = sum(w * ORGANISATION.index(c) for w, c in zip((3, 7, 9, 10, 5, 8, 4, 2), body))
    code = "91" + area + body + "0123456789X0"[11 - total % 11]
    total = sum(pow(3, i, 31) * CREDIT_CODE.index(c) for i, c in enumerate(code))
    return code + CREDIT_CODE[(31 - total % 31) % 31]


class Places:
    def __init__(self, source):
        folder = source / "cn/divisions"
        self.provinces = {row["code"]: row["name"] for row in read_csv(folder / "provinces.csv")}
        self.cities = {row["code"]: row["name"] for row in read_csv(folder / "cities.csv")}
        self.areas = defaultdict(list)
        for row in read_csv(folder / "areas.csv"):
            if "直辖" not in self.cities[row["cityCode"]] and not row["name"].endswith(("镇", "街道")):
                self.areas[row["provinceCode"]].append(row)

    def draw(self, r):
        province = pick(r, PROVINCES)
        area = r.choice(self.areas[province])
        town = self.provinces[province] if province in MUNICIPALITIES else self.cities[area["cityCode"]]
        lead = self.provinces[province] if province in MUNICIPALITIES else self.provinces[province] + town
        street = f"{r.choice(STREETS)}{r.choice(['路', '路', '大道', '东路', '西路', '街'])}{r.randint(1, 999)}号"
        yard = r.choice(["", "", f"{r.randint(1, 12)}号楼", f"{r.choice('ABCD')}座{r.randint(1, 18)}层", f"{r.randint(1, 9)}号仓库"])
        return area["code"], re.sub("(市|地区|盟|自治州)$", "", town), lead + area["name"] + street + yard


def make_customers(codes, orders, places):
    totals = Counter()
    for order in orders:
        if order["customer"]:
            totals[order["customer"]] += order_total(order)
    ranked = sorted(codes, key=lambda c: (-totals[c], c))
    level = {c: "A" if i < len(ranked) // 10 else "B" if i < len(ranked) * 4 // 10 else "C" for i, c in enumerate(ranked)}
    # Tight credit goes to customers whose orders can meet it.
    able = [c for c in sorted(codes) if totals[c] >= 3000]
    tight = set(rng("tight").sample(able, round(len(codes) * TIGHT_CUSTOMERS)))
    phones = rng("phones").sample(range(10000), 2 * len(codes))
    names, taxes, rows = set(), set(), []
    for i, code in enumerate(sorted(codes)):
        r = rng("customer", code)
        area, town, address = places.draw(r)
        trade = FOOD_TRADES if code.startswith("N-") else TRADES
        name = None
        while name is None or name in names:
            name = f"{town}{r.choice(BRAND_1)}{r.choice(BRAND_2)}{r.choice(trade)}有限公司"
        tax = None
        while tax is None or tax in taxes:
            tax = credit_code(r, area)
        names.add(name)
        taxes.add(tax)
        if code in tight:
            limit = int(totals[code] * Decimal(r.choice(["0.5", "0.6", "0.7", "0.8"]))) // 1000 * 1000
        else:
            ample = int(totals[code] * r.randint(2, 4)) // 10000 * 10000 + 10000
            limit = max({"A": 200000, "B": 50000, "C": 20000}[level[code]], ample)
        person = r.choice(SURNAMES) + r.choice(GIVEN)
        receiver = r.choice(SURNAMES) + r.choice(GIVEN)
        rows.append([
            code, name, level[code], f"{limit}.00", "CNY", pick(r, [("NET30", 82), ("NET60", 12), ("PREPAID", 6)]),
            receiver, f"1390000{phones[2 * i]:04}", address, name, tax, pick(r, [("vat_special", 80), ("vat_normal", 20)]),
            person, f"{code.lower()}@example.com", f"1390000{phones[2 * i + 1]:04}",
        ])
    return rows, tight


# --- stock ---------------------------------------------------------------


def make_stock(names, orders, northwind):
    demand = Counter()
    for order in orders:
        for product, quantity, _ in order["lines"]:
            demand[product] += quantity
    rows = []
    for code in sorted(names):
        r = rng("stock", code)
        wanted = demand[code]
        scarce = r.random() < TIGHT_PRODUCTS
        share = Decimal(r.randint(50, 90) if scarce else r.randint(105, 180)) / 100
        total = int(wanted * share) + (0 if scarce else r.randint(5, 60))
        near = int(total * Decimal(r.randint(55, 75)) / 100)
        for (warehouse, _), on_hand in zip(WAREHOUSES, (near, total - near)):
            rows.append([code, warehouse, on_hand, 0, 0])
    for row in northwind:
        rows.append([f"N-{row['ProductID']}", "NB", row["UnitsInStock"], row["ReorderLevel"], row["UnitsOnOrder"]])
    return rows


def short_orders(orders, stock):
    """Orders in time order; each line is covered from all warehouses together or not at all."""
    left = Counter()
    for product, _, on_hand, _, _ in stock:
        left[product] += int(on_hand)
    short = set()
    for number, order in enumerate(orders):
        for product, quantity, _ in order["lines"]:
            if left[product] >= quantity:
                left[product] -= quantity
            else:
                short.add(number)
    return short


def over_credit(orders, limits):
    """Orders beyond the limit when nothing is paid and an order beyond it does not count."""
    used, over = Counter(), set()
    for number, order in enumerate(orders):
        customer = order["customer"]
        if customer:
            if used[customer] + order_total(order) > limits[customer]:
                over.add(number)
            else:
                used[customer] += order_total(order)
    return over


# --- writing -------------------------------------------------------------


def order_total(order):
    return sum((money(quantity * price) for _, quantity, price in order["lines"]), Decimal(0))


def order_record(order):
    record = {"po": order["po"], "c": order["customer"], "t": order["t"], "ch": order["channel"], "d": order["days"]}
    for key in ("fault", "terms", "note", "source"):
        if key in order:
            record[key] = order[key]
    record["l"] = [[product, str(quantity), str(price)] for product, quantity, price in order["lines"]]
    return record


def write_orders(path, orders):
    text = "".join(json.dumps(order_record(o), ensure_ascii=False, separators=(",", ":")) + "\n" for o in orders)
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.encode())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="the shared data folder")
    parser.add_argument("target", type=Path, help="the folder to write")
    args = parser.parse_args()
    target = args.target
    target.mkdir(parents=True, exist_ok=True)

    uci = read_uci(args.source)
    foreign, foreign_products = read_northwind(args.source, uci["last"])
    orders = sorted(uci["orders"] + foreign, key=lambda o: (o["t"], o["po"]))
    for order in orders:
        order["channel"] = pick(rng("channel", order["po"]), CHANNELS)

    prices = list_prices(uci["orders"])
    names = {code: name for code, name in uci["names"].items() if code in prices}
    for row in foreign_products:
        prices[f"N-{row['ProductID']}"] = money(Decimal(row["UnitPrice"]) * USD)
    contracts = contract_prices(orders, prices)
    expected = lambda customer, product: contracts.get((customer, product), prices[product])
    natural = [i for i, o in enumerate(orders) if o["customer"] and deviating(o, expected)]
    plant_faults(orders, expected)

    codes = uci["customers"] | {order["customer"] for order in foreign}
    customers, tight = make_customers(codes, orders, Places(args.source))
    limits = {row[0]: Decimal(row[3]) for row in customers}
    stock = make_stock(names, uci["orders"], foreign_products)

    short = short_orders(orders, stock)
    known = [o for o in orders if o["customer"]]
    short_known = short_orders(known, stock)
    over = over_credit(orders, limits)
    clean = [i for i, o in enumerate(orders) if o["customer"] and "fault" not in o
             and i not in natural and i not in short and i not in over]

    products = [[code, names[code], "pcs", "0.13", str(prices[code])] for code in sorted(names)]
    for row in foreign_products:
        code = f"N-{row['ProductID']}"
        products.append([code, f"{row['ProductName']} ({row['QuantityPerUnit']})", "pcs", "0.13", str(prices[code])])

    write_csv(target / "customers.csv",
              ["code", "name", "level", "credit_limit", "currency", "payment_terms", "ship_to_name", "ship_to_phone",
               "ship_to_address", "invoice_title", "invoice_tax_no", "invoice_kind", "contact_name", "contact_email",
               "contact_phone"], customers)
    write_csv(target / "products.csv", ["code", "name", "unit", "tax_rate", "list_price"], products)
    write_csv(target / "prices.csv", ["customer", "product", "price"],
              [[c, p, str(price)] for (c, p), price in sorted(contracts.items())])
    write_csv(target / "stock.csv", ["product", "warehouse", "on_hand", "reorder_level", "on_order"], stock)
    write_csv(target / "staff.csv", ["login", "name", "department", "roles", "email"],
              [[*person, f"{person[0]}@example.com"] for person in STAFF])
    write_orders(target / "orders.jsonl.gz", orders)
    shutil.copyfile(args.source / "LICENSES/northwind-sqlite-MIT.txt", target / "LICENSE-northwind.txt")

    company = {
        "name": {"zh": "定单演示贸易有限公司", "en": "Ordain Demo Trading Co., Ltd."},
        "fictional": True,
        "currency": "CNY",
        "timezone": "Asia/Shanghai",
        "last_order_date": uci["last"].strftime("%Y-%m-%dT%H:%M"),
        "rates": {"GBP": str(GBP), "USD": str(USD)},
        "price_tolerance": str(TOLERANCE),
        "warehouses": [{"code": code, "name": name} for code, name in WAREHOUSES],
        "source_uci": {"lines": uci["lines"], "invoices": uci["invoices"], "invoices_kept": uci["invoices_kept"],
                       "invoices_with_no_line_left": uci["invoices"] - uci["invoices_kept"] - len(uci["too_long"])},
        "left_out": {
            "lines": dict(sorted(uci["lines_out"].items())),
            f"invoices_over_{MAX_LINES}_lines": {"invoices": len(uci["too_long"]), "lines": sum(uci["too_long"])},
        },
        "counts": {
            "customers": len(customers), "customers_northwind": sum(r[0].startswith("N-") for r in customers),
            "products": len(products), "products_northwind": len(foreign_products),
            "stock_rows": len(stock), "contract_prices": len(contracts), "staff": len(STAFF),
            "orders": len(orders), "orders_northwind": len(foreign), "lines": sum(len(o["lines"]) for o in orders),
            "orders_without_customer": len(orders) - len(known),
            "orders_from_50000": sum(order_total(o) >= LARGE for o in orders),
            "orders_from_50000_with_customer": sum(order_total(o) >= LARGE for o in known),
            "faults": dict(Counter(o["fault"] for o in orders if "fault" in o)),
            "orders_with_source_price_deviation": len(natural),
            "customers_with_tight_credit": len(tight),
            "channels": dict(sorted(Counter(o["channel"] for o in orders).items())),
        },
        "simulated": {
            "orders_short_of_stock": len(short),
            "orders_short_of_stock_northwind": sum((orders[i]["customer"] or "").startswith("N-") for i in short),
            "orders_short_of_stock_without_unknown_customers": len(short_known),
            "orders_over_credit": len(over),
            "orders_clean": len(clean),
        },
    }
    (target / "company.json").write_text(json.dumps(company, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
